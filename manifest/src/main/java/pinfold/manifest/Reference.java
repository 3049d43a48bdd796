package pinfold.manifest;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The reference documentation of the manifest, made from the table of keys: {@code
 * docs/manifest.md}.
 */
public final class Reference {
  private static final String HEAD =
      """
      # The manifest

      Made from the table of keys by `pinfold.manifest.Reference`; a test holds the two together. Change the table, not this file.

      A manifest is one YAML 1.2 file, `pinfold.yaml`. An unknown key is an error with a suggestion, a key twice is an error, and every problem is shown at once with its line. Keys that begin with `x-` are free. Quotes around a single value make no difference; `yes` and `no` are strings. Anchors, aliases and `<<` work.

      ## Values

      * **Durations**: `250ms`, `5s`, `2m`, `1h30m`, `14d`; a bare number is seconds. Whole numbers only: `1500ms`, not `1.5s`.
      * **Sizes**: `512K`, `50M`, `2G` and `KiB`, `MiB`, `GiB` are powers of 1024; `KB`, `MB`, `GB` are powers of 1000; a bare number is bytes.
      * **Commands**: a string goes to `/bin/sh -c`, a list is executed as it is.
      * **Signals**: `TERM`, `SIGTERM`, `15`, `RTMIN+3`.
      * **Paths** are relative to the file that names them; `~` and `~/` at the beginning are the home.

      ## Variables

      `${NAME}`, `${NAME:-default}` and `${NAME:?message}` are expanded in values (not in keys or comments), once, when the manifest is read. The `.env` beside the file comes first, then the environment of the caller; `PINFOLD_JAVA_HOME` is the JDK that runs Pinfold. A missing value without a default is an error. `:-` and `:?` take an empty value like none. A default may hold variables itself; what a variable gives is not expanded again. `$$` is a single `$`; any other `$` stays as it is, so `$HOME` in a command is the shell's. What was expanded is stored; secrets belong into `env_file`.

      ## Files of variables

      `.env` and `env_file` have one `NAME=VALUE` per line; `export` before it, empty lines and lines that begin with `#` mean nothing. The last of several lines with the same name holds. An unquoted value goes to the end of the line or to a `#` after a blank. In single quotes a value is taken as it is, in double quotes `\\n \\r \\t \\" \\\\ \\$` are known; both may go over several lines. Nothing is expanded but a leading `~`, which single quotes prevent.

      ## Environment of a service

      PATH (fixed), HOME, USER, LOGNAME, SHELL, LANG, TZ and PINFOLD_* come first, then what `inherit_env` takes from the caller of `up`, then the files of `env_file` in their order, then `env`; later ones win. In `env`, a map with a map at `vars`, or with nothing but `file`, is the older form `{file, vars}`; any other map is variables.

      ## Defaults and includes

      `defaults` is merged into every service: `logs`, `limits` and `hooks` key by key, `env` variable by variable (files of both, in order), everything else only where the service has none. `include` adds the services of other files; the same name twice is an error. An included file has `version`, `include` and `services` only; its paths, its `.env` and its services' folder are its own.

      ## Several projects

      `projects: {shop: {services: …}, blog: {services: …}}` declares several projects in one file, 256 at most, instead of `project` and `services`. Each has `services` and may have `defaults` and `include` of its own; the file's `defaults` are merged below those. Nothing else is shared: names of services are unique within a project only, `depends_on` names services of the same project, each project starts, fails and stops by itself, and each is bound to the file under its own name. `--project NAME` takes one of them; a short name that several have needs its project before it: `shop/api`. A project that is no longer in the file, also because it was given another name, is removed by the next `up` of the whole file, as a service is; `--remove false` keeps it.
      """;

  private Reference() {}

  /** The whole document, with a line end. */
  public static String markdown() {
    StringBuilder out = new StringBuilder(HEAD);
    for (Map.Entry<String, Shape.Keys<?>> table : KeyTable.tables().entrySet()) {
      section(out, table.getKey(), table.getValue());
    }
    return out.toString();
  }

  private static void section(StringBuilder out, String name, Shape.Keys<?> table) {
    out.append("\n## `").append(name).append("`\n\n");
    if (name.equals("defaults")) {
      List<String> names = table.keys().stream().map(k -> "`" + k.name() + "`").toList();
      out.append("These keys of a service: ").append(String.join(", ", names)).append(".\n");
      return;
    }
    out.append("| key | takes | default | meaning |\n|---|---|---|---|\n");
    for (Key<?> key : table.keys()) {
      out.append("| `")
          .append(key.name())
          .append("` | ")
          .append(cell(key.shape().words()))
          .append(" | ");
      out.append(fallback(key)).append(" | ").append(cell(key.text())).append(" |\n");
    }
    if (!table.later().isEmpty()) {
      List<String> names = table.later().stream().map(k -> "`" + k + "`").toList();
      out.append("\nNot available in this release, and refused with these words: ")
          .append(String.join(", ", names))
          .append(".\n");
    }
  }

  private static String fallback(Key<?> key) {
    Optional<String> value = key.fallback().map(v -> "`" + v + "`");
    return value.orElse(key.required() ? "required" : "");
  }

  private static String cell(String text) {
    return text.replace("|", "\\|");
  }
}
