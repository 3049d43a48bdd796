/** Log segments: index, reading, following, retention. */
module pinfold.logs {
  exports pinfold.logs;

  requires static org.jspecify;
  requires transitive pinfold.contract;
  requires pinfold.linux;
  requires com.github.luben.zstd_jni;
}
