package pinfold.state;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import pinfold.linux.Processes;

/** What earlier boots of the host left below {@link Places#runs}: a reboot made it void. */
public final class EarlierBoots {
  private EarlierBoots() {}

  /**
   * Removes it, unless a process that it names is there: then it was no reboot that gave the boot
   * another id.
   *
   * @param bootId of this boot, which is left alone
   * @return the folders that were left because something in them lives
   * @throws IOException when one cannot be read or removed; others may be gone by then
   */
  public static List<Path> remove(Places places, String bootId) throws IOException {
    List<Path> left = new ArrayList<>();
    try (DirectoryStream<Path> folders =
        Files.newDirectoryStream(places.runs(), folder -> earlier(folder, places.run(bootId)))) {
      for (Path folder : folders) {
        if (alive(folder.resolve("facts"))) {
          left.add(folder);
        } else {
          delete(folder);
        }
      }
    } catch (NoSuchFileException e) {
      return List.of(); // no supervisor ever ran
    }
    return left;
  }

  /** Anything else was put there by somebody else. */
  private static boolean earlier(Path folder, Path present) {
    return folder.getFileName().toString().matches("[0-9a-f-]{36}")
        && !folder.equals(present)
        && Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS);
  }

  private static boolean alive(Path facts) {
    return new FactStore(facts)
        .peek().facts().stream().anyMatch(fact -> alive(fact.main()) || alive(fact.warden()));
  }

  private static boolean alive(Optional<Fact.Proc> process) {
    return process
        .flatMap(known ->
            Processes.stat(known.pid()).filter(stat -> stat.startTicks() == known.startTicks()))
        .isPresent();
  }

  private static void delete(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path inner, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(inner);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
