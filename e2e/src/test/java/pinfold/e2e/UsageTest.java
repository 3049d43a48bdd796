package pinfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What services use, as it is said and as the kernel has it. */
class UsageTest extends Scenario {
  private static final long MEBIBYTE = 1 << 20;
  private static final Pattern RSS = Pattern.compile("(?m)^VmRSS:\\s+(\\d+) kB$");
  private static final Pattern SIZE = Pattern.compile(" (\\d+(?:\\.\\d)?)([KMG]) ");

  /** dd reads all it was told to and hangs at writing it: 64 MiB that stay. */
  @Test
  void memoryIsSaidAsTheKernelHasIt() {
    host.manifest(
        "services: {big: {command: 'dd if=/dev/zero bs=64M count=1 2>/dev/null | sleep 600'}}");
    host.up();
    Until.holds("its memory is touched", host::processes, () -> resident() > 64 * MEBIBYTE);
    long real = resident();
    assertThat(real).isLessThan(80 * MEBIBYTE);

    Offset<Long> near = within(3 * MEBIBYTE);
    assertThat(bytes(json("status", "big", "--json").path("services"))).isCloseTo(real, near);
    assertThat(bytes(json("inspect", "big", "--json").path(0).path("status")))
        .isCloseTo(real, near);
    assertThat(shown(host.run("status", "big").exits(0))).isCloseTo(real, near);
    assertThat(shown(host.run("inspect", "big").exits(0))).isCloseTo(real, near);
  }

  /** Of the shell and both ends of its pipe. */
  private long resident() {
    List<String> own = List.of("/bin/sh -c dd if", "dd if=/dev/zero", "sleep 600");
    return host.processes().stream()
        .filter(process -> own.stream().anyMatch(process.command()::startsWith))
        .mapToLong(process -> rss(process.pid()))
        .sum();
  }

  private static long rss(long pid) {
    try {
      Matcher matcher = RSS.matcher(Files.readString(Path.of("/proc/" + pid + "/status")));
      return matcher.find() ? Long.parseLong(matcher.group(1)) * 1024 : 0;
    } catch (IOException e) {
      throw new AssertionError("cannot read the status of " + pid, e);
    }
  }

  private JsonNode json(String... arguments) {
    return new JsonMapper().readTree(host.run(arguments).exits(0).out());
  }

  private static long bytes(JsonNode node) {
    JsonNode service = node.isArray() ? node.path(0) : node;
    return service.path("instances").path(0).path("memory_bytes").asLong(-1);
  }

  /** The size in the table: binary prefixes. */
  private static long shown(Outcome outcome) {
    Matcher matcher = SIZE.matcher(outcome.out());
    assertThat(matcher.find()).as("a size in %s", outcome).isTrue();
    int shift = 10 * ("KMG".indexOf(matcher.group(2)) + 1);
    return (long) (Double.parseDouble(matcher.group(1)) * (1L << shift));
  }
}
