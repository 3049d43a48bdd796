/** Tests of the kernel as Java; those that need the keeper take it from native/target. */
@org.jspecify.annotations.NullMarked
package pinfold.linux;
