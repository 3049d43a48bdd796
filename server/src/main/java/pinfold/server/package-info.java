/** The Varlink server, authorisation, and the supervisor's main program. */
@NullMarked
package pinfold.server;

import org.jspecify.annotations.NullMarked;
