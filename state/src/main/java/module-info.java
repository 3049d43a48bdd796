/** What outlives a supervisor: places, intent, facts of this boot, operations, journal. */
module pinfold.state {
  exports pinfold.state;

  requires static transitive org.jspecify;
  requires transitive pinfold.contract;
  requires transitive pinfold.manifest;
  requires transitive pinfold.linux;
  requires java.sql;
  requires org.xerial.sqlitejdbc;
}
