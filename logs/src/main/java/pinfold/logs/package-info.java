/** Log segments: index, reading, following, retention. */
@NullMarked
package pinfold.logs;

import org.jspecify.annotations.NullMarked;
