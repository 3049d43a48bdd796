import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** One supervisor under measurement: how it is configured, started and asked. */
interface Peer {
  String name();

  /** Whether its program is installed. */
  boolean present();

  /** Writes a configuration of services that run the commands and are restarted for ever, below the folder. */
  void configure(Path folder, List<List<String>> commands) throws IOException;

  /** Starts everything; may stay or return. */
  List<String> start(Path folder);

  /** Shows the state of all services. */
  List<String> status(Path folder);

  /** Where the logs of the services are, at any depth. */
  default Path logs(Path folder) {
    return folder.resolve("logs");
  }

  /** Those that targets are about first, should time run short. */
  static List<Peer> all(Path product, Path tools) {
    return List.of(new Pinfold(product), new ProcessCompose(), new S6(), new Runit(), new Supervisord(), new Pm2(),
        new Systemg(tools, "0.69.2"), new Systemg(tools, "0.35.0"));
  }

  static boolean installed(String program) {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  /** A configuration of one text for each service. */
  interface Each {
    String text(int number, List<String> command);
  }

  static String each(List<List<String>> commands, Each each) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < commands.size(); i++) {
      text.append(each.text(i + 1, commands.get(i)));
    }
    return text.toString();
  }

  /** The words as a list of YAML or JSON. */
  static String quoted(List<String> words) {
    return "[" + String.join(", ", words.stream().map(word -> "\"" + word + "\"").toList()) + "]";
  }

  static String line(List<String> words) {
    return String.join(" ", words);
  }

  static List<String> words(List<String> first, String... more) {
    List<String> words = new ArrayList<>(first);
    words.addAll(List.of(more));
    return words;
  }

  /** The folder layout of daemontools: a service is a folder with a script to run, and so is its logger. */
  static void scanned(Path folder, List<List<String>> commands, String logger) throws IOException {
    for (int i = 1; i <= commands.size(); i++) {
      Path service = folder.resolve("scan/s" + i);
      script(service.resolve("run"), "exec " + line(commands.get(i - 1)));
      script(service.resolve("log/run"), "exec " + logger + " " + Files.createDirectories(folder.resolve("logs/s" + i)));
    }
  }

  static void script(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + text + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
