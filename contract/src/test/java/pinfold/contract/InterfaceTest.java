package pinfold.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The description that clients are given and the records that both ends use say the same. */
class InterfaceTest {
  private static final String IDL =
      Interfaces.description(Call.INTERFACE)
          .orElseThrow()
          .replaceAll("(?m)^#.*$", "")
          .replaceAll("\\s+", " ");

  private static final Map<String, Class<?>> REPLIES =
      Map.ofEntries(
          Map.entry("Diff", Reply.Differences.class),
          Map.entry("Status", Reply.Status.class),
          Map.entry("Watch", Reply.Status.class),
          Map.entry("Wait", Reply.Waited.class),
          Map.entry("RunAttached", Reply.Session.class),
          Map.entry("Exec", Reply.Session.class),
          Map.entry("Attach", Reply.Session.class),
          Map.entry("Inspect", Reply.Inspected.class),
          Map.entry("Why", Reply.Explained.class),
          Map.entry("Events", Reply.Happened.class),
          Map.entry("Operations", Reply.Ops.class),
          Map.entry("Cancel", Reply.Done.class),
          Map.entry("Upgrade", Reply.Done.class),
          Map.entry("Version", Reply.Release.class));

  @Test
  void methodsAreTheCalls() {
    Map<String, String> expected = new TreeMap<>();
    for (Class<?> call : Call.class.getPermittedSubclasses()) {
      Class<?> reply = REPLIES.getOrDefault(call.getSimpleName(), Reply.Operated.class);
      expected.put(call.getSimpleName(), fields(call, true) + " -> " + fields(reply, false));
    }
    Map<String, String> described = new TreeMap<>();
    Matcher method = Pattern.compile("method (\\w+) ?\\(([^)]*)\\) -> \\(([^)]*)\\)").matcher(IDL);
    while (method.find()) {
      described.put(method.group(1), method.group(2).strip() + " -> " + method.group(3).strip());
    }
    assertThat(described).isEqualTo(expected);
  }

  @Test
  void typesAreTheRecords() throws ClassNotFoundException {
    Matcher type = Pattern.compile("type (\\w+) ?\\(([^)]*)\\)").matcher(IDL);
    int count = 0;
    while (type.find()) {
      count++;
      if (type.group(1).equals("Failure")) {
        assertThat(type.group(2))
            .isEqualTo("code: string, message: string, detail: object, try: []string");
        continue;
      }
      Class<?> record = type(type.group(1));
      String expected =
          record.isEnum()
              ? Arrays.stream(record.getEnumConstants())
                  .map(c -> Records.word((Enum<?>) c))
                  .collect(Collectors.joining(", "))
              : fields(record, record == Target.class);
      assertThat(type.group(2).strip()).as(type.group(1)).isEqualTo(expected);
    }
    assertThat(count).isEqualTo(20);
  }

  @Test
  void namesAreLegalInVarlink() {
    Matcher field = Pattern.compile("[(,] ?([^\\s:,()]+)(?=[:,)])").matcher(IDL);
    while (field.find()) {
      assertThat(field.group(1)).matches("[A-Za-z](_?[A-Za-z0-9])*");
    }
  }

  private static Class<?> type(String name) throws ClassNotFoundException {
    List<Class<?>> nested =
        List.of(Change.Action.class, Change.Field.class, OperationView.Outcome.class);
    for (Class<?> candidate : nested) {
      if (candidate.getSimpleName().equals(name)) {
        return candidate;
      }
    }
    return Class.forName("pinfold.contract." + name);
  }

  private static String fields(Class<?> record, boolean parameters) {
    return Stream.of(record.getRecordComponents())
        .map(c -> Records.wireName(c.getName()) + ": " + type(c, parameters))
        .collect(Collectors.joining(", "));
  }

  private static String type(RecordComponent component, boolean parameters) {
    Class<?> raw = component.getType();
    boolean mayBeLeftOut = raw == List.class || raw == Map.class || raw == boolean.class;
    // What exec runs is needed although it is a list.
    boolean needed =
        component.getDeclaringRecord() == Call.Exec.class && component.getName().equals("command");
    return (parameters && mayBeLeftOut && !needed ? "?" : "") + type(component.getGenericType());
  }

  private static String type(Type type) {
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      return generic.getRawType() == Optional.class
          ? "?" + type(arguments[0])
          : generic.getRawType() == List.class
              ? "[]" + type(arguments[0])
              : "[string]" + type(arguments[1]);
    }
    Class<?> raw = (Class<?>) type;
    if (raw == String.class || raw == Instant.class || raw == Health.class) {
      return "string";
    }
    if (raw == int.class || raw == long.class || raw == Integer.class || raw == Long.class) {
      return "int";
    }
    if (raw == Duration.class || raw == Double.class) {
      return "float";
    }
    if (raw == boolean.class) {
      return "bool";
    }
    return raw == Json.Obj.class ? "object" : raw == Json.class ? "?object" : raw.getSimpleName();
  }

  @Test
  void everyInterfaceIsDescribed() {
    assertThat(Interfaces.NAMES)
        .allSatisfy(name -> assertThat(Interfaces.description(name)).isPresent());
    assertThat(Interfaces.description("../codes.md")).isEmpty();
  }
}
