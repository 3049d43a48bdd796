package pinfold.e2e;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** redis, PostgreSQL and nginx as Debian installs them. */
class StackTest extends Scenario {
  private final Map<String, Integer> ports = new HashMap<>();

  @BeforeEach
  void configure() throws Exception {
    for (String program :
        new String[] {"/usr/bin/redis-server", "/usr/sbin/nginx", "/usr/lib/postgresql"}) {
      assumeTrue(Files.exists(Path.of(program)), program + " is not installed");
    }
    assumeFalse(
        System.getProperty("user.name").equals("root"),
        "PostgreSQL refuses root; ./check runs this as nobody");
    host.copy(Product.examples().resolve("stack"));
    for (String port : new String[] {"STACK_REDIS_PORT", "STACK_POSTGRES_PORT", "STACK_WEB_PORT"}) {
      ports.put(port, ShopTest.freePort());
      host.set(port, Integer.toString(port(port)));
    }
  }

  @Test
  void getsReadyReloadsCrashesAndStops() {
    host.up();
    StatusView first = host.assertConsistent();
    for (String service : new String[] {"redis", "postgres", "nginx"}) {
      assertThat(first.service(service).health()).as(service).isEqualTo("ready");
    }
    nginxServesAChangedConfigurationByNewWorkers(first.service("nginx").pid());
    sql("create table kept (line text); insert into kept values ('here')");
    host.run("reload", "postgres").exits(0);
    Until.holds("PostgreSQL reloaded", () -> said("postgres", "received SIGHUP") == 1);

    crashes("redis");
    crashes("postgres");
    assertThat(said("postgres", "automatic recovery in progress")).isEqualTo(1);
    assertThat(sql("select line from kept")).contains("here");
    host.run("status").exits(0);

    host.run("stop", "postgres").exits(0);
    assertThat(said("postgres", "received fast shutdown request")).isEqualTo(1);
    assertThat(said("postgres", "database system is shut down")).isEqualTo(1);
    host.run("start", "postgres").exits(0);
    assertThat(said("postgres", "automatic recovery in progress")).as("after a stop").isEqualTo(1);
    assertThat(sql("select line from kept")).contains("here");

    host.run("down").exits(0);
    assertThat(said("redis", "bye bye")).isEqualTo(1);
    assertThat(host.status().pids()).isEmpty();
  }

  private void nginxServesAChangedConfigurationByNewWorkers(long master) {
    assertThat(page()).isEqualTo("nginx under Pinfold\n");
    List<Long> old = workers(master);
    String file = "state/nginx/nginx.conf";
    host.write(file, host.read(file).replace("nginx under Pinfold", "changed"));
    host.run("reload", "nginx").exits(0);
    Until.holds("what is new is served", this::page, () -> page().equals("changed\n"));
    Until.holds(
        "the old workers are gone",
        host::processes,
        () -> !workers(master).isEmpty() && workers(master).stream().noneMatch(old::contains));
    assertThat(host.assertConsistent().service("nginx").pid()).isEqualTo(master);
    assertThat(host.status().service("nginx").restarts()).isZero();
  }

  private static List<Long> workers(long master) {
    return HostProcess.all().stream()
        .filter(process -> process.parent() == master)
        .map(HostProcess::pid)
        .toList();
  }

  private String page() {
    URI uri = URI.create("http://127.0.0.1:" + port("STACK_WEB_PORT") + "/");
    try (InputStream body = uri.toURL().openStream()) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError("nginx does not serve", e);
    }
  }

  private String sql(String statement) {
    String database =
        "host=%s/state/postgres port=%d dbname=postgres"
            .formatted(host.project(), port("STACK_POSTGRES_PORT"));
    return host.runCommand(List.of("./pg", "psql", "-X", "-c", statement, database)).exits(0).out();
  }

  private void crashes(String service) {
    long pid = host.status().service(service).pid();
    HostProcess.signal(pid, "KILL");
    host.awaitStatus(
        service + " is ready again",
        view ->
            view.service(service).pid() > 0
                && view.service(service).pid() != pid
                && view.service(service).health().equals("ready"));
    assertThat(host.assertConsistent().service(service).restarts()).isEqualTo(1);
  }

  private long said(String service, String text) {
    return host.run("logs", service).lines().stream().filter(line -> line.contains(text)).count();
  }

  private int port(String variable) {
    return requireNonNull(ports.get(variable), variable);
  }
}
