/** The command line. */
@NullMarked
package pinfold.cli;

import org.jspecify.annotations.NullMarked;
