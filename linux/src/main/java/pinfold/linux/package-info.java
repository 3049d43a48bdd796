/** The Linux kernel as Java: spawn plans, the keeper's client, process identity, sockets. */
@NullMarked
package pinfold.linux;

import org.jspecify.annotations.NullMarked;
