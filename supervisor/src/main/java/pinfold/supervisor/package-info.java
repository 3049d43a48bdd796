/** The hands around the core: effects become births, probes, hooks, timers. */
@NullMarked
package pinfold.supervisor;

import org.jspecify.annotations.NullMarked;
