package pinfold.core;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * An immutable hash map that shares its structure with the maps it came from: 32-way branches by
 * five bits of the hash, so a change copies a handful of small arrays whatever the size. A world of
 * thousands of units is changed thousands of times a second; copying a map of all of them for each
 * step would make starting n units cost n².
 */
final class Trie<K, V> {
  private static final Trie<?, ?> EMPTY = new Trie<>(null, 0);
  private static final int BITS = 5;
  private static final int DEEPEST = 35;

  private final @Nullable Node<K, V> root;
  private final int size;

  private Trie(@Nullable Node<K, V> root, int size) {
    this.root = root;
    this.size = size;
  }

  @SuppressWarnings("unchecked") // an empty map holds neither a K nor a V
  static <K, V> Trie<K, V> empty() {
    return (Trie<K, V>) EMPTY;
  }

  int size() {
    return size;
  }

  @Nullable V get(K key) {
    int hash = spread(key);
    Node<K, V> node = root;
    for (int shift = 0; node != null; shift += BITS) {
      switch (node) {
        case Leaf<K, V> leaf -> {
          return leaf.key().equals(key) ? leaf.value() : null;
        }
        case Collision<K, V> same -> {
          for (Leaf<K, V> leaf : same.leaves()) {
            if (leaf.key().equals(key)) {
              return leaf.value();
            }
          }
          return null;
        }
        case Branch<K, V> branch -> node = branch.child(hash >>> shift);
      }
    }
    return null;
  }

  Trie<K, V> with(K key, V value) {
    Leaf<K, V> leaf = new Leaf<>(spread(key), key, value);
    boolean known = get(key) != null;
    return new Trie<>(root == null ? leaf : put(root, leaf, 0), known ? size : size + 1);
  }

  Trie<K, V> without(K key) {
    return root == null || get(key) == null
        ? this
        : new Trie<>(drop(root, spread(key), key, 0), size - 1);
  }

  void forEach(BiConsumer<K, V> action) {
    if (root != null) {
      root.forEach(action);
    }
  }

  List<V> values() {
    List<V> all = new ArrayList<>(size);
    forEach((_, value) -> all.add(value));
    return all;
  }

  private static int spread(Object key) {
    int hash = key.hashCode() * 0x9e3779b9;
    return hash ^ (hash >>> 16);
  }

  private static <K, V> Node<K, V> put(Node<K, V> node, Leaf<K, V> leaf, int shift) {
    return switch (node) {
      case Leaf<K, V> there when there.key().equals(leaf.key()) -> leaf;
      case Leaf<K, V> there -> join(there, leaf, shift);
      case Collision<K, V> same -> {
        List<Leaf<K, V>> leaves = new ArrayList<>(same.leaves());
        leaves.removeIf(there -> there.key().equals(leaf.key()));
        leaves.add(leaf);
        yield new Collision<>(leaves);
      }
      case Branch<K, V> branch -> {
        Node<K, V> child = branch.child(leaf.hash() >>> shift);
        yield branch.with(
            leaf.hash() >>> shift, child == null ? leaf : put(child, leaf, shift + BITS));
      }
    };
  }

  private static <K, V> Node<K, V> join(Leaf<K, V> a, Leaf<K, V> b, int shift) {
    if (shift >= DEEPEST) {
      return new Collision<>(List.of(a, b));
    }
    Branch<K, V> branch = new Branch<>();
    return put(branch.with(a.hash() >>> shift, a), b, shift);
  }

  private static <K, V> @Nullable Node<K, V> drop(Node<K, V> node, int hash, K key, int shift) {
    return switch (node) {
      case Leaf<K, V> _ -> null;
      case Collision<K, V> same -> {
        List<Leaf<K, V>> leaves = new ArrayList<>(same.leaves());
        leaves.removeIf(there -> there.key().equals(key));
        yield leaves.size() == 1 ? leaves.getFirst() : new Collision<>(leaves);
      }
      case Branch<K, V> branch -> {
        Node<K, V> child = branch.child(hash >>> shift);
        if (child == null) {
          yield branch;
        }
        Node<K, V> left = drop(child, hash, key, shift + BITS);
        yield left == null ? branch.without(hash >>> shift) : branch.with(hash >>> shift, left);
      }
    };
  }

  private sealed interface Node<K, V> {
    void forEach(BiConsumer<K, V> action);
  }

  private record Leaf<K, V>(int hash, K key, V value) implements Node<K, V> {
    @Override
    public void forEach(BiConsumer<K, V> action) {
      action.accept(key, value);
    }
  }

  /** Keys whose hashes are equal in all bits. */
  private record Collision<K, V>(List<Leaf<K, V>> leaves) implements Node<K, V> {
    @Override
    public void forEach(BiConsumer<K, V> action) {
      leaves.forEach(leaf -> leaf.forEach(action));
    }
  }

  /** A bit of {@code present} per child; the children in the order of their bits. */
  private static final class Branch<K, V> implements Node<K, V> {
    private final int present;
    private final Object[] children;

    Branch() {
      this(0, new Object[0]);
    }

    private Branch(int present, Object[] children) {
      this.present = present;
      this.children = children;
    }

    @SuppressWarnings("unchecked") // only with() stores children, and it takes a Node<K, V>
    private Node<K, V> at(int index) {
      return (Node<K, V>) children[index];
    }

    @Nullable Node<K, V> child(int hash) {
      int bit = 1 << (hash & 31);
      return (present & bit) == 0 ? null : at(Integer.bitCount(present & (bit - 1)));
    }

    Branch<K, V> with(int hash, Node<K, V> child) {
      int bit = 1 << (hash & 31);
      int index = Integer.bitCount(present & (bit - 1));
      if ((present & bit) != 0) {
        Object[] copy = children.clone();
        copy[index] = child;
        return new Branch<>(present, copy);
      }
      Object[] copy = new Object[children.length + 1];
      System.arraycopy(children, 0, copy, 0, index);
      copy[index] = child;
      System.arraycopy(children, index, copy, index + 1, children.length - index);
      return new Branch<>(present | bit, copy);
    }

    @Nullable Branch<K, V> without(int hash) {
      int bit = 1 << (hash & 31);
      int index = Integer.bitCount(present & (bit - 1));
      if (children.length == 1) {
        return null;
      }
      Object[] copy = Arrays.copyOf(children, children.length - 1);
      System.arraycopy(children, index + 1, copy, index, children.length - index - 1);
      return new Branch<>(present & ~bit, copy);
    }

    @Override
    public void forEach(BiConsumer<K, V> action) {
      for (int i = 0; i < children.length; i++) {
        at(i).forEach(action);
      }
    }
  }
}
