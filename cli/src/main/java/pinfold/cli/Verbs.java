package pinfold.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The verbs by name. Only the class of the chosen one is ever loaded. */
final class Verbs {
  /** In the order of the help. */
  static final List<String> NAMES =
      List.of(
          "init",
          "up",
          "down",
          "start",
          "stop",
          "restart",
          "reload",
          "kill",
          "pause",
          "resume",
          "status",
          "wait",
          "run",
          "logs",
          "exec",
          "shell",
          "attach",
          "inspect",
          "explain",
          "why",
          "events",
          "diff",
          "validate",
          "schema",
          "doctor",
          "ops",
          "system",
          "completion",
          "version");

  private Verbs() {}

  /** A new instance of a verb. */
  static Optional<Verb> find(String name) {
    return Optional.ofNullable(
        switch (name) {
          case "init" -> new InitVerb();
          case "up" -> new UpVerb();
          case "down" -> new DownVerb();
          case "start" -> new StartVerb();
          case "stop" -> new StopVerb();
          case "restart" -> new RestartVerb();
          case "reload" -> new ReloadVerb();
          case "kill" -> new KillVerb();
          case "pause" -> new PauseVerb();
          case "resume" -> new ResumeVerb();
          case "status", "ps" -> new StatusVerb();
          case "wait" -> new WaitVerb();
          case "run" -> new RunVerb();
          case "logs" -> new LogsVerb();
          case "exec" -> new ExecVerb();
          case "shell" -> new ShellVerb();
          case "attach" -> new AttachVerb();
          case "inspect" -> new InspectVerb();
          case "explain" -> new ExplainVerb();
          case "why" -> new WhyVerb();
          case "events" -> new EventsVerb();
          case "diff" -> new DiffVerb();
          case "validate" -> new ValidateVerb();
          case "schema" -> new SchemaVerb();
          case "doctor" -> new DoctorVerb();
          case "ops" -> new OpsVerb();
          case "system" -> new SystemVerb();
          case "completion" -> new CompletionVerb();
          case "version" -> new VersionVerb();
          case "__names" -> new NamesVerb();
          default -> null;
        });
  }

  /** Every verb with its usage, for help and completion. */
  static Map<String, Usage> all() {
    Map<String, Usage> usages = new LinkedHashMap<>();
    for (String name : NAMES) {
      usages.put(name, Usage.of(name, find(name).orElseThrow()));
    }
    return usages;
  }

  /** Verbs that somebody who wrote this may have meant. */
  static List<String> near(String name) {
    List<String> near = new ArrayList<>();
    for (String verb : NAMES) {
      if (distance(name, verb) <= Math.max(1, verb.length() / 3)) {
        near.add(verb);
      }
    }
    return near;
  }

  /** Levenshtein's distance. */
  private static int distance(String left, String right) {
    int[] row = new int[right.length() + 1];
    for (int i = 0; i <= right.length(); i++) {
      row[i] = i;
    }
    for (int i = 1; i <= left.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= right.length(); j++) {
        int same = diagonal + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(same, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[right.length()];
  }
}
