package pinfold.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WireTest {
  @TempDir(factory = TempNames.class)
  Path directory;

  /** The C compiler is asked for every size and offset that this room believes in. */
  @Test
  void layoutsAreThoseOfTheHeader() throws Exception {
    Assumptions.assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/cc")), "no C compiler: layouts are not compared");
    StringBuilder expected = new StringBuilder();
    StringBuilder program =
        new StringBuilder(
            """
            #include "protocol.h"
            #include <stdio.h>
            #include <stddef.h>
            int main(void) {
            """);
    for (Struct struct : Wire.all()) {
      line(program, struct.name(), "sizeof(struct " + struct.name() + ")");
      expected.append(struct.name()).append(' ').append(struct.size()).append('\n');
      struct
          .fields()
          .forEach((field, offset) -> {
            String name = struct.name() + "." + field;
            line(program, name, "offsetof(struct " + struct.name() + ", " + field + ")");
            expected.append(name).append(' ').append(offset).append('\n');
          });
    }
    constant(program, expected, "PF_PROTOCOL", Wire.PROTOCOL);
    constant(program, expected, "PF_MAX_MESSAGE", Wire.MAX_MESSAGE);
    constant(program, expected, "PF_MAX_FDS", Wire.MAX_FDS);
    constant(program, expected, "PF_LOG_PATH", Wire.LOG_PATH);
    constant(program, expected, "PF_CGROUP_PATH", Wire.CGROUP_PATH);
    constant(program, expected, "PF_HOLD_NAME", Wire.HOLD_NAME);
    constant(program, expected, "PF_COMMAND", Wire.COMMAND);
    constant(program, expected, "PF_MAX_HELD", SpawnRequest.MAX_HELD);
    constant(program, expected, "PF_SLOTS", LaunchSpec.MAX_RECEIVED + Argument.Slot.FIRST);
    constant(program, expected, "PF_SLOT_MIN", PlanDescriptors.SLOT_MIN);
    constant(program, expected, "PF_PLAN_MAX", SpawnPlan.MAX_BYTES);
    constant(program, expected, "PF_PLAN_CALLS", PlanEncoder.MAX_CALLS);
    constant(program, expected, "PF_PLAN_MAGIC", PlanEncoder.MAGIC);
    constant(program, expected, "PF_WARDEN", ChildCodec.WARDEN);
    constant(program, expected, "PF_CGROUP", ChildCodec.CGROUP);
    constant(program, expected, "PF_MERGE", ChildCodec.MERGE);
    constant(program, expected, "PF_TTY", ChildCodec.TTY);
    constant(program, expected, "PF_WARDEN_TYPE", ServiceInput.TYPE);
    constant(program, expected, "PF_WARDEN_TTY", ServiceInput.TTY);
    constant(program, expected, "PF_NO_LOG", ChildCodec.NO_LOG);
    constant(program, expected, "PF_DISCARD", ChildCodec.DISCARD);
    constant(program, expected, "sizeof(struct pf_plan)", PlanEncoder.HEADER);
    constant(program, expected, "sizeof(struct pf_call)", PlanEncoder.CALL);
    for (Call.Mode mode : Call.Mode.values()) {
      constant(program, expected, "PF_" + mode.name(), mode.number());
    }
    program.append("return 0;\n}\n");

    Path source = Files.writeString(directory.resolve("layout.c"), program);
    Path binary = directory.resolve("layout");
    String include = "-I" + Path.of(System.getProperty("pinfold.root"), "native");
    assertThat(run(List.of("cc", include, "-o", binary.toString(), source.toString()))).isEmpty();
    assertThat(run(List.of(binary.toString()))).isEqualTo(expected.toString());
  }

  private static void constant(StringBuilder program, StringBuilder expected, String name, long v) {
    line(program, name, name);
    expected.append(name).append(' ').append(v).append('\n');
  }

  private static void line(StringBuilder program, String name, String expression) {
    program.append("printf(\"%s %ld\\n\", \"").append(name).append("\", (long)(");
    program.append(expression).append("));\n");
  }

  private static String run(List<String> command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return output;
  }
}
