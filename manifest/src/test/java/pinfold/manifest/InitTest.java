package pinfold.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class InitTest {
  private static final ProjectName SHOP = new ProjectName("shop");

  private static Init.Found file(String name, String text) {
    return new Init.Found(name, false, Optional.of(text));
  }

  private static Init.Found name(String name) {
    return new Init.Found(name, false, Optional.empty());
  }

  private static Manifest proposed(Init.Found... folder) {
    String text = Init.propose(SHOP, List.of(folder), "schema/v1.json");
    assertThat(text).startsWith("# yaml-language-server: $schema=schema/v1.json\n");
    return Texts.valid(text);
  }

  private static Command command(Manifest manifest, String service) {
    return Texts.service(service, manifest).command();
  }

  @Test
  void aProcfileIsTakenAsItIs() {
    String text =
        Init.propose(
            SHOP,
            List.of(
                file(
                    "Procfile",
                    "web: bundle exec puma -p ${PORT:-3000}\nweb: again\n# no\nrelease task: x\nworker: ./w $HOME $$\n"),
                file("package.json", "{\"scripts\":{\"start\":\"x\"}}"),
                name(".env")),
            "s");
    assertThat(text)
        .isEqualTo(
            """
            # yaml-language-server: $schema=s
            # Start with `pinfold up`, look with `pinfold status`, check with `pinfold validate`.

            project: "shop"

            services:
              # from Procfile
              web:
                command: "bundle exec puma -p $${PORT:-3000}"
                env_file: .env
              # from Procfile
              web-2:
                command: "again"
                env_file: .env
              # from Procfile
              worker:
                command: "./w $$HOME $$$$"
                env_file: .env
            """);
    Manifest manifest = Texts.valid(text);
    assertThat(command(manifest, "web"))
        .isEqualTo(new Command.Shell("bundle exec puma -p ${PORT:-3000}"));
    assertThat(command(manifest, "worker")).isEqualTo(new Command.Shell("./w $HOME $$"));
  }

  @Test
  void whatOtherToolsLeaveBehind() {
    assertThat(
            command(proposed(file("package.json", "{\"scripts\":{\"dev\":\"vite\"}}")), "web")
                .argv())
        .containsExactly("npm", "run", "dev");
    assertThat(
            command(
                    proposed(file("pom.xml", "<artifactId>spring-boot-maven-plugin</artifactId>")),
                    "app")
                .argv())
        .containsExactly("mvn", "-q", "spring-boot:run");
    assertThat(command(proposed(name("manage.py"), name("app.py")), "web").argv())
        .containsExactly("python3", "manage.py", "runserver");
    assertThat(proposed(name("app.py"), name("worker.py")).services())
        .containsOnlyKeys(new ServiceName("app"), new ServiceName("worker"));
    assertThat(command(proposed(name("go.mod")), "app").argv()).containsExactly("go", "run", ".");
    assertThat(
            command(
                    proposed(
                        file(
                            "Store.java",
                            "class Store { public static void main(String[] a) {} }")),
                    "store")
                .argv())
        .containsExactly("java", "Store.java");
    assertThat(command(proposed(file("Makefile", "all:\n\trun: x\nserve: all\n")), "app").argv())
        .containsExactly("make", "serve");
    assertThat(
            command(proposed(new Init.Found("start.sh", true, Optional.empty())), "start").argv())
        .containsExactly("./start.sh");
  }

  @Test
  void whatCannotBeRunIsNamed() {
    String text =
        Init.propose(
            SHOP,
            List.of(
                file(
                    "docker-compose.yml",
                    "services: {db: {image: postgres}, cache: {image: redis}}")),
            "s");
    assertThat(text)
        .contains(
            "# docker-compose.yml also has these as containers, which this release does not run: db, cache\n")
        .contains("  hello:\n");
    Texts.valid(text);
  }

  @Test
  void anEmptyFolderGetsAnExample() {
    assertThat(proposed().services()).containsOnlyKeys(new ServiceName("hello"));
  }

  @Property(tries = 300)
  void whatIsProposedIsValid(
      @ForAll List<String> names, @ForAll String text, @ForAll boolean executable) {
    List<Init.Found> folder = new ArrayList<>();
    names.forEach(n -> folder.add(new Init.Found(n, executable, Optional.of(text))));
    Init.READ.forEach(n -> folder.add(file(n, "web: " + text + "\n" + text + ": x")));
    Texts.valid(Init.propose(SHOP, folder.subList(0, names.size()), "s"));
    Texts.valid(Init.propose(SHOP, folder, "s"));
  }
}
