package pinfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The completion scripts in the shells that they are for. */
class CompletionTest extends Scenario {

  @BeforeEach
  void run() {
    host.set(
        "PATH", Product.launcher().getParent() + ":/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    host.manifest(
        """
        projects:
          shop: {services: {worker: {command: "exec sleep 600"}, web: {command: "exec sleep 601"}}}
          tools: {services: {mailer: {command: "exec sleep 602"}}}
        """);
    host.up();
  }

  @Test
  void bashCompletesVerbsOptionsAndLiveNames() {
    needs("bash");
    script("bash");
    assertThat(bash("pinfold", "resta")).containsExactly("restart");
    assertThat(bash("pinfold", "restart", "--casc")).containsExactly("--cascade");
    assertThat(bash("pinfold", "restart", "")).containsExactly("mailer", "web", "worker");
    assertThat(bash("pinfold", "restart", "w")).containsExactly("web", "worker");
    assertThat(bash("pinfold", "status", "--project", "")).containsExactly("shop", "tools");
    assertThat(bash("pinfold", "--project", "t")).containsExactly("tools");
    assertThat(bash("pinfold", "status", "--file", "pin")).as("files are bash's").isEmpty();
    assertThat(bash("pinfold", "schema", "")).doesNotContain("web");
    host.run("down", "--supervisor").exits(0);
    assertThat(bash("pinfold", "restart", "")).as("without a supervisor").isEmpty();
  }

  /** As bash itself calls it. */
  private List<String> bash(String... words) {
    String quoted = "'" + String.join("' '", words) + "'";
    String line =
        "source ./script; COMP_WORDS=(%s); COMP_CWORD=%d; _pinfold; printf '%%s\\n' \"${COMPREPLY[@]}\""
            .formatted(quoted, words.length - 1);
    return host.runCommand(List.of("bash", "--norc", "-c", line)).exits(0).lines().stream()
        .filter(word -> !word.isEmpty())
        .toList();
  }

  @Test
  void fishCompletesVerbsOptionsAndLiveNames() {
    needs("fish");
    script("fish");
    assertThat(fish("pinfold resta")).containsExactly("restart");
    assertThat(fish("pinfold restart --casc")).containsExactly("--cascade");
    assertThat(fish("pinfold restart ")).containsExactlyInAnyOrder("mailer", "web", "worker");
    assertThat(fish("pinfold status --project ")).containsExactlyInAnyOrder("shop", "tools");
    assertThat(fish("pinfold --project t")).containsExactly("tools");
    assertThat(fish("pinfold status --file pin")).contains("pinfold.yaml");
    assertThat(fish("pinfold --project tools restart m")).containsExactly("mailer");
  }

  private List<String> fish(String line) {
    String command = "source ./script; complete -C '" + line + "'";
    return host.runCommand(List.of("fish", "--no-config", "-c", command)).exits(0).lines().stream()
        .map(candidate -> candidate.split("\t", 2)[0])
        .toList();
  }

  /** zsh completes only where somebody types: what was completed is what is called. */
  @Test
  void zshCompletesVerbsOptionsAndLiveNames() {
    needs("zsh");
    script("zsh");
    host.write(
        "begin",
        """
        autoload -Uz compinit && compinit -u -d ./dump
        source ./script
        pinfold() { if [[ $1 = __names ]]; then command pinfold "$@"; else print -r -- "called[$*]"; fi }
        PS1=
        print begun-$((20+22))
        """);
    Running shell = host.startLineOnTerminal("exec zsh -f -i");
    shell.type("source ./begin\n");
    shell.awaitPrinted("begun-42");
    shell.type("pinfold resta\twor\t\n");
    shell.awaitPrinted("called[restart worker]");
    shell.type("pinfold restart --casc\tmai\t\n");
    shell.awaitPrinted("called[restart --cascade mailer]");
    shell.type("pinfold status --project too\t\n");
    shell.awaitPrinted("called[status --project tools]");
    shell.type("pinfold status --file pin\t\n");
    shell.awaitPrinted("called[status --file pinfold.yaml]");
    shell.type("exit 0\n");
    shell.await().exits(0);
  }

  private void script(String shell) {
    host.write("script", host.run("completion", shell).exits(0).out());
  }

  private static void needs(String shell) {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin", shell))
            || Files.isExecutable(Path.of("/bin", shell)),
        shell + " is not installed");
  }
}
