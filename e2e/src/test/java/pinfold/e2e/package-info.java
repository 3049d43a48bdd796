/** Scenarios that drive the built product from outside, as a user does. */
@NullMarked
package pinfold.e2e;

import org.jspecify.annotations.NullMarked;
