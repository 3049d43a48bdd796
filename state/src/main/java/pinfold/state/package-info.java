/** What outlives a supervisor: places, intent, facts of this boot, operations, journal. */
@NullMarked
package pinfold.state;

import org.jspecify.annotations.NullMarked;
