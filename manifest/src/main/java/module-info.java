/** What the user wrote: YAML in, records or problems out. */
module pinfold.manifest {
  requires static org.jspecify;
  requires transitive pinfold.contract;
  requires org.snakeyaml.engine;

  exports pinfold.manifest;
}
