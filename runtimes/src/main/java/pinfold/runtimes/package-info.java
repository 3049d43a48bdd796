/** What a unit runs in: the runtime interface and its process runtime. */
@NullMarked
package pinfold.runtimes;

import org.jspecify.annotations.NullMarked;
