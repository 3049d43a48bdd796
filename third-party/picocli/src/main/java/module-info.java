/** picocli 4.7.7 (Apache-2.0), unchanged sources, compiled for this release. */
@SuppressWarnings("module")
open module info.picocli {
  exports picocli;

  requires static java.sql;
}
