/** The Varlink interfaces, their records and the error codes, shared by both ends. */
module pinfold.contract {
  requires static org.jspecify;

  exports pinfold.contract;
}
