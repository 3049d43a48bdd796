/* SPDX-License-Identifier: Apache-2.0
 * notify [-f PATH] KEY=VALUE...: one datagram to $NOTIFY_SOCKET as in sd_notify(3), with PATH as a descriptor. */
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int main(int argc, char **argv) {
  const char *place = getenv("NOTIFY_SOCKET");
  int at = 1, fd = -1;
  if (argc > 2 && strcmp(argv[1], "-f") == 0) {
    fd = open(argv[2], O_RDONLY);
    if (fd < 0) return perror(argv[2]), 1;
    at = 3;
  }
  char text[1024] = "";
  for (; at < argc; at++) {
    strncat(text, argv[at], sizeof text - strlen(text) - 2);
    strcat(text, "\n");
  }
  struct sockaddr_un to = {.sun_family = AF_UNIX};
  if (place == NULL || strlen(place) >= sizeof to.sun_path) return fprintf(stderr, "no socket\n"), 1;
  strcpy(to.sun_path, place);
  if (place[0] == '@') to.sun_path[0] = 0;
  union {
    char bytes[CMSG_SPACE(sizeof(int))];
    struct cmsghdr aligned;
  } control;
  struct iovec part = {text, strlen(text)};
  struct msghdr message = {.msg_name = &to,
                           .msg_namelen = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(place)),
                           .msg_iov = &part,
                           .msg_iovlen = 1};
  if (fd >= 0) {
    message.msg_control = control.bytes;
    message.msg_controllen = sizeof control.bytes;
    struct cmsghdr *c = CMSG_FIRSTHDR(&message);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(sizeof fd);
    memcpy(CMSG_DATA(c), &fd, sizeof fd);
  }
  int s = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (s < 0 || sendmsg(s, &message, 0) < 0) return perror("notify"), 1;
  return 0;
}
