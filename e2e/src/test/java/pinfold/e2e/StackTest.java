package pinfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** redis, PostgreSQL and nginx as Debian installs them. */
class StackTest extends Scenario {

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
      host.set(port, Integer.toString(ShopTest.freePort()));
    }
  }

  @Test
  void getsReadyReloadsCrashesAndStops() {
    host.up();
    StatusView first = host.assertConsistent();
    for (String service : new String[] {"redis", "postgres", "nginx"}) {
      assertThat(first.service(service).health()).as(service).isEqualTo("ready");
    }

    host.run("reload", "nginx").exits(0);
    host.run("reload", "postgres").exits(0);
    Until.holds(
        "PostgreSQL reloaded",
        () -> host.run("logs", "postgres").out().contains("received SIGHUP"));
    assertThat(host.assertConsistent().service("nginx").pid())
        .isEqualTo(first.service("nginx").pid());

    long postgres = first.service("postgres").pid();
    HostProcess.signal(postgres, "KILL");
    host.awaitStatus(
        "PostgreSQL recovered",
        view ->
            view.service("postgres").pid() != postgres
                && view.service("postgres").health().equals("ready"));
    host.run("status").exits(0);

    host.run("stop", "postgres").exits(0);
    assertThat(host.run("logs", "postgres").out())
        .contains("received fast shutdown request", "database system is shut down");
    host.run("down").exits(0);
    assertThat(host.run("logs", "redis").out()).contains("bye bye");
    assertThat(host.status().pids()).isEmpty();
  }
}
