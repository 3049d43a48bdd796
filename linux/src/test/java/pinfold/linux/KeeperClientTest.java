package pinfold.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The client against a keeper that is played by the test at the other end of a socket pair. */
@Timeout(60)
class KeeperClientTest {
  private final BlockingQueue<KeeperEvent> events = new LinkedBlockingQueue<>();
  private final MessageSocket messages = new MessageSocket(Wire.MAX_MESSAGE);
  private FdPair pair;
  private Keeper keeper;

  @BeforeEach
  void attach() throws Exception {
    pair = FdPair.packets();
    keeper = Keeper.attach(pair.first(), events::add);
    assertThat(type(receive())).isEqualTo(1);
  }

  @AfterEach
  void close() throws Exception {
    keeper.close();
    pair.second().close();
    while (!(next() instanceof KeeperEvent.Lost)) {
      // Events that a test did not look at.
    }
    assertThat(events).isEmpty();
  }

  private KeeperEvent next() throws InterruptedException {
    KeeperEvent event = events.poll(30, TimeUnit.SECONDS);
    assertThat(event).isNotNull();
    return Objects.requireNonNull(event);
  }

  private MessageSocket.Received receive() throws Exception {
    return messages.receive(pair.second().number(), 0);
  }

  private static ByteBuffer buffer(MessageSocket.Received message) {
    return ByteBuffer.wrap(message.bytes()).order(ByteOrder.nativeOrder());
  }

  private static int type(MessageSocket.Received message) {
    return buffer(message).getShort(Wire.Header.TYPE);
  }

  private void send(int type, long seq, Entry entry, List<Fd> descriptors) {
    byte[] content = entry.bytes();
    byte[] message =
        new Entry(Wire.Header.BYTES + content.length)
            .u16(Wire.Header.TYPE, type)
            .u16(Wire.Header.COUNT, 1)
            .u32(Wire.Header.NFDS, descriptors.size())
            .u64(Wire.Header.SEQ, seq)
            .bytes(Wire.Header.BYTES, content)
            .bytes();
    assertThat(messages.send(pair.second().number(), message, descriptors, 0))
        .isEqualTo(message.length);
  }

  private static SpawnRequest request(BirthId birth, List<Fd> descriptors) {
    return new SpawnRequest(
        birth,
        1,
        new Containment.Warden(),
        SpawnRequest.Output.SEPARATE,
        "a/b",
        1,
        0,
        Duration.ZERO,
        descriptors,
        List.of());
  }

  @Test
  void whatAFullSocketDoesNotTakeIsSentLaterInOrder() throws Exception {
    List<BirthId> births = new ArrayList<>();
    long lastSeq = 0;
    try (FdPair pipe = FdPair.pipe()) {
      for (int i = 0; i < 1000; i++) {
        BirthId birth = BirthId.random();
        births.add(birth);
        lastSeq = keeper.spawn(request(birth, i % 10 == 0 ? List.of(pipe.first()) : List.of()));
      }
    }
    long stats = keeper.stats();
    assertThat(stats).isEqualTo(lastSeq + 1);
    List<BirthId> arrived = new ArrayList<>();
    int descriptors = 0;
    int inMessages = 0;
    long secondSeqOfShared = 0;
    BirthId secondOfShared = births.getFirst();
    while (true) {
      MessageSocket.Received message = receive();
      ByteBuffer buffer = buffer(message);
      if (type(message) == 14) {
        assertThat(buffer.getLong(Wire.Header.SEQ)).isEqualTo(stats);
        break;
      }
      inMessages++;
      int count = buffer.getShort(Wire.Header.COUNT);
      int nfds = 0;
      for (int i = 0; i < count; i++) {
        ByteBuffer entry =
            buffer
                .slice(Wire.Header.BYTES + i * Wire.Spawn.BYTES, Wire.Spawn.BYTES)
                .order(ByteOrder.nativeOrder());
        arrived.add(ChildCodec.id(entry, Wire.Spawn.ID));
        nfds += entry.getShort(Wire.Spawn.NFDS);
      }
      assertThat(message.descriptors()).hasSize(nfds);
      assertThat(message.complete()).isTrue();
      message.closeDescriptors();
      descriptors += nfds;
      if (count > 1) {
        secondSeqOfShared = buffer.getLong(Wire.Header.SEQ);
        secondOfShared = arrived.get(arrived.size() - count + 1);
      }
    }
    assertThat(arrived).isEqualTo(births);
    assertThat(descriptors).isEqualTo(100);
    assertThat(inMessages).isLessThan(1000);

    send(109, secondSeqOfShared, new Entry(Wire.Refused.BYTES).u32(0, 17).u32(4, 1), List.of());
    assertThat(next())
        .asInstanceOf(InstanceOfAssertFactories.type(KeeperEvent.Refused.class))
        .satisfies(refused -> {
          assertThat(refused.errno()).isEqualTo(Errno.EEXIST);
          assertThat(refused.entry()).isEqualTo(1);
        })
        .extracting(KeeperEvent.Refused::births)
        .isEqualTo(List.of(secondOfShared));
  }

  @Test
  void everyRequestHasItsForm() throws Exception {
    BirthId birth = BirthId.random();
    keeper.signal(birth, Signal.HUP, KeeperEvent.Scope.GROUP);
    ByteBuffer signal =
        buffer(receive()).slice(16, Wire.Signal.BYTES).order(ByteOrder.nativeOrder());
    assertThat(ChildCodec.id(signal, 0)).isEqualTo(birth);
    assertThat(signal.getInt(Wire.Signal.SIG)).isEqualTo(1);
    assertThat(signal.getInt(Wire.Signal.SCOPE)).isEqualTo(2);
    keeper.role(Keeper.Role.STANDBY, List.of("/bin/a", "b"));
    ByteBuffer role = buffer(receive()).slice(16, Wire.Role.BYTES).order(ByteOrder.nativeOrder());
    assertThat(role.getInt(Wire.Role.ROLE)).isEqualTo(1);
    assertThat(role.getInt(Wire.Role.ARGC)).isEqualTo(2);
    assertThat(role.get(Wire.Role.COMMAND + 6)).isZero();
    assertThat(role.get(Wire.Role.COMMAND + 7)).isEqualTo((byte) 'b');
    keeper.rotate("a/b", true);
    ByteBuffer rotate =
        buffer(receive()).slice(16, Wire.Rotate.BYTES).order(ByteOrder.nativeOrder());
    assertThat(rotate.getInt(Wire.Rotate.STREAM)).isEqualTo(1);
    assertThatIllegalArgumentException().isThrownBy(() -> keeper.unhold(0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> keeper.rotate("x".repeat(192), false))
        .withMessageStartingWith("longer than 191 bytes");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> keeper.role(Keeper.Role.RESTART, List.of("/" + "x".repeat(4096))));
  }

  @Test
  void descriptorsThatWereLostAreARefusalNotAnEnd() throws Exception {
    List<KeeperEvent> heard = new ArrayList<>();
    Entry held = new Entry(Wire.Header.BYTES + Wire.Hold.BYTES).u16(0, 104).u16(2, 1).u32(4, 1);
    MessageSocket.Received message =
        new MessageSocket.Received(held.u64(8, 9).bytes(), List.of(), Optional.empty(), false);
    new KeeperReader("boot").read(message, heard::add);
    assertThat(heard).containsExactly(new KeeperEvent.Refused(9, Errno.EMFILE, -1, List.of()));
  }

  @Test
  void nonsenseEndsTheConnectionWithAReason() throws Exception {
    OpenFile socket = OpenFile.of(pair.first());
    OpenFile sent;
    try (FdPair pipe = FdPair.pipe()) {
      sent = OpenFile.of(pipe.first());
      send(102, 1, new Entry(3), List.of(pipe.first()));
    }
    assertThat(next()).isEqualTo(new KeeperEvent.Lost("message 102 with 1 entries has 19 bytes"));
    assertThat(socket.descriptors()).isZero();
    assertThat(sent.descriptors()).isZero();
    assertThat(keeper.stats()).isPositive();
    events.add(new KeeperEvent.Lost("for the clean-up"));
  }

  @Test
  void anotherProtocolIsRefused() throws Exception {
    send(101, 1, new Entry(Wire.Welcome.BYTES).u32(Wire.Welcome.PROTOCOL, 99), List.of());
    assertThat(next())
        .isEqualTo(
            new KeeperEvent.Lost(
                "the keeper speaks protocol 99, this supervisor " + Wire.PROTOCOL));
    events.add(new KeeperEvent.Lost("for the clean-up"));
  }
}
