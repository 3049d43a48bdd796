package pinfold.e2e;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The arrows of ARCHITECTURE.md, and what only one room may do. */
class ArchitectureTest {
  private static final Map<String, Set<String>> MAY_USE = arrows();

  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("pinfold");

  private static Map<String, Set<String>> arrows() {
    Set<String> manifest = Set.of("contract");
    Set<String> offline = Set.of("linux", "manifest", "contract");
    Set<String> supervisor =
        Set.of("core", "state", "logs", "runtimes", "linux", "manifest", "contract");
    Set<String> server = new HashSet<>(supervisor);
    server.add("supervisor");
    return Map.ofEntries(
        Map.entry("linux", Set.of()),
        Map.entry("contract", Set.of()),
        Map.entry("manifest", manifest),
        Map.entry("core", Set.of("manifest", "contract")),
        Map.entry("state", offline),
        Map.entry("logs", Set.of("linux", "contract")),
        Map.entry("runtimes", offline),
        Map.entry("supervisor", supervisor),
        Map.entry("server", Set.copyOf(server)),
        Map.entry(
            "cli", Set.of("core", "contract", "manifest", "runtimes", "logs", "state", "linux")));
  }

  @Test
  void arrowsPointDown() {
    Set<String> wrong = new TreeSet<>();
    for (JavaClass type : classes) {
      String room = room(type);
      if (room.equals("e2e")) {
        continue;
      }
      type.getDirectDependenciesFromSelf().stream()
          .filter(dependency ->
              dependency
                  .getTargetClass()
                  .getBaseComponentType()
                  .getPackageName()
                  .startsWith("pinfold."))
          .filter(dependency -> !room(dependency.getTargetClass()).equals(room))
          .filter(dependency ->
              !MAY_USE.getOrDefault(room, Set.of()).contains(room(dependency.getTargetClass())))
          .forEach(dependency -> wrong.add(dependency.getDescription()));
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void everyCodeIsSaidBySomebody() {
    JavaClass codes = classes.get("pinfold.contract.Code");
    Set<String> unsaid = new TreeSet<>();
    for (JavaField code : codes.getFields()) {
      boolean said =
          code.getAccessesToSelf().stream()
              .anyMatch(access -> !access.getOriginOwner().equals(codes));
      if (code.getRawType().equals(codes) && !said) {
        unsaid.add(code.getName());
      }
    }
    assertThat(unsaid).isEmpty();
  }

  @Test
  void everyRoomIsOneFlatPackage() {
    assertThat(classes).isNotEmpty();
    assertThat(classes.stream().map(JavaClass::getPackageName).distinct())
        .allMatch(name ->
            name.equals("pinfold.e2e") || MAY_USE.containsKey(name.substring("pinfold.".length())));
  }

  @Test
  void onlyLinuxTouchesNativeMemory() {
    noClasses()
        .that()
        .resideOutsideOfPackage("pinfold.linux")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("java.lang.foreign..")
        .because("the kernel is behind the types of pinfold.linux")
        .check(classes);
  }

  @Test
  void nobodyStartsAProcessExceptThroughLinux() {
    noClasses()
        .that()
        .resideOutsideOfPackages("pinfold.linux", "pinfold.e2e")
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(ProcessBuilder.class)
        .orShould()
        .callMethod(Runtime.class, "exec", String.class)
        .orShould()
        .callMethod(Runtime.class, "exec", String[].class)
        .check(classes);
  }

  @Test
  void theCoreIsPure() {
    // A path and a URI are names there, nothing is read through them.
    DescribedPredicate<JavaClass> impure =
        resideInAnyPackage(
                "java.io..", "java.nio..", "java.net..", "java.util.concurrent..", "java.sql..")
            .and(not(type(Path.class)).and(not(type(URI.class))));
    noClasses()
        .that()
        .resideInAPackage("pinfold.core")
        .should()
        .dependOnClassesThat(impure)
        .check(classes);
    noClasses()
        .that()
        .resideInAPackage("pinfold.core")
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(Thread.class, Clock.class)
        .orShould()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "getenv", String.class)
        .allowEmptyShould(true)
        .check(classes);
  }

  @Test
  void theManifestReadsNoFiles() {
    noClasses()
        .that()
        .resideInAPackage("pinfold.manifest")
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(java.nio.file.Files.class, java.io.File.class)
        .allowEmptyShould(true)
        .check(classes);
  }

  private static String room(JavaClass type) {
    String name = type.getBaseComponentType().getPackageName();
    return name.startsWith("pinfold.") ? name.substring("pinfold.".length()) : "";
  }
}
