/** The pure supervisor: one step from world and event to world and effects. */
module pinfold.core {
  requires static transitive org.jspecify;
  requires transitive pinfold.contract;
  requires transitive pinfold.manifest;

  exports pinfold.core;
}
