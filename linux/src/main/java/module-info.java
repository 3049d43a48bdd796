/** The Linux kernel as Java: spawn plans, the keeper's client, process identity, sockets. */
module pinfold.linux {
  requires static org.jspecify;

  exports pinfold.linux;
}
