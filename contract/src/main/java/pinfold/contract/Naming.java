package pinfold.contract;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which service a name of {@link Target} means: one way for the supervisor and for a command line
 * that reads the records alone. Nothing is expanded or abbreviated.
 */
public final class Naming {
  private Naming() {}

  /** A service within its project. */
  public record Name(String project, String service) {
    @Override
    public String toString() {
      return project + "/" + service;
    }
  }

  /**
   * The one service that is meant.
   *
   * @param text api, api.1, shop/api or shop/api.1
   * @param known the services there are; only the project's when the caller named one
   * @param own the projects that the caller stands in: where several services fit, the one of these
   *     is meant, if it is one
   * @throws PinfoldException {@link Code#NO_SUCH_SERVICE}, {@link Code#NO_SUCH_INSTANCE} or {@link
   *     Code#AMBIGUOUS_NAME} with the candidates
   */
  public static Name find(String text, Collection<Name> known, Set<String> own) {
    int slash = text.indexOf('/');
    String last = text.substring(slash + 1);
    int dot = last.lastIndexOf('.');
    if (dot >= 0 && !last.substring(dot + 1).equals("1")) {
      throw PinfoldException.of(
          Code.NO_SUCH_INSTANCE, "\"" + text + "\": the service has one instance, number 1");
    }
    String service = dot < 0 ? last : last.substring(0, dot);
    List<Name> fitting =
        known.stream()
            .filter(name -> name.service().equals(service))
            .filter(name -> slash < 0 || name.project().equals(text.substring(0, slash)))
            .toList();
    if (fitting.size() > 1) {
      List<Name> near = fitting.stream().filter(name -> own.contains(name.project())).toList();
      if (near.size() != 1) {
        throw ambiguous(text, near.isEmpty() ? fitting : near);
      }
      return near.getFirst();
    }
    return fitting.stream().findFirst().orElseThrow(() -> none(text, known));
  }

  private static PinfoldException ambiguous(String text, List<Name> fitting) {
    List<String> names = sorted(fitting).toList();
    return Failure.of(
            Code.AMBIGUOUS_NAME,
            "\"" + text + "\" fits several services: " + String.join(", ", names))
        .with("candidates", Json.strings(names))
        .tryNext("write the project too: " + names.getFirst())
        .exception();
  }

  private static PinfoldException none(String text, Collection<Name> known) {
    return Failure.of(Code.NO_SUCH_SERVICE, "there is no service \"" + text + "\"")
        .with("known", Json.strings(sorted(known).limit(20).toList()))
        .tryNext("pinfold status --all")
        .exception();
  }

  private static Stream<String> sorted(Collection<Name> names) {
    return names.stream().map(Name::toString).sorted();
  }
}
