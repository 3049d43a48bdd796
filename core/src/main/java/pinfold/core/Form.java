package pinfold.core;

import static java.util.Objects.requireNonNull;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import pinfold.manifest.Service;

/**
 * How an object of a type is taken apart: its name and its parts in their order. Records have their
 * components; the few mutable types of a {@link World} have their fields.
 *
 * @param type the type
 * @param names of the parts
 * @param parts an accessor or a field each
 */
record Form(Class<?> type, List<String> names, List<Member> parts) {
  /** What is no record and belongs to a world all the same. */
  private static final Set<Class<?>> FIELDS = Set.of(Unit.class, Run.class, Operation.class);

  private static final ClassValue<Form> FORMS =
      new ClassValue<>() {
        @Override
        protected Form computeValue(Class<?> type) {
          return type.isRecord() ? ofRecord(type) : ofFields(type);
        }
      };

  /** Whether objects of this type can be taken apart and put together again. */
  static boolean has(Class<?> type) {
    return type.isRecord() || FIELDS.contains(type);
  }

  /** The form of a type that {@link #has} one. */
  static Form of(Class<?> type) {
    return FORMS.get(type);
  }

  private static Form ofRecord(Class<?> type) {
    List<String> names = new ArrayList<>();
    List<Member> parts = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      names.add(component.getName());
      parts.add(component.getAccessor());
    }
    return new Form(type, List.copyOf(names), List.copyOf(parts));
  }

  private static Form ofFields(Class<?> type) {
    List<String> names = new ArrayList<>();
    List<Member> parts = new ArrayList<>();
    for (Field field : type.getDeclaredFields()) {
      if (!Modifier.isStatic(field.getModifiers())) {
        field.setAccessible(true);
        names.add(field.getName());
        parts.add(field);
      }
    }
    return new Form(type, List.copyOf(names), List.copyOf(parts));
  }

  /** The parts of one object. */
  List<@Nullable Object> takeApart(Object value) {
    List<@Nullable Object> values = new ArrayList<>(parts.size());
    try {
      for (Member part : parts) {
        values.add(part instanceof Method m ? m.invoke(value) : ((Field) part).get(value));
      }
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new LinkageError("a part of " + type, e);
    }
    return values;
  }

  /**
   * An object of these parts.
   *
   * @throws IllegalArgumentException when there is none: a part has another type, or the type
   *     refuses it
   */
  Object putTogether(List<@Nullable Object> values) {
    try {
      return type.isRecord() ? record(values) : fields(values);
    } catch (InvocationTargetException e) {
      throw new IllegalArgumentException(type.getSimpleName() + ": " + e.getCause(), e);
    } catch (NullPointerException | ClassCastException e) {
      throw new IllegalArgumentException(type.getSimpleName() + ": " + e.getMessage(), e);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("a new " + type, e);
    }
  }

  private Object record(List<@Nullable Object> values) throws ReflectiveOperationException {
    Class<?>[] types = new Class<?>[parts.size()];
    for (int i = 0; i < types.length; i++) {
      types[i] = ((Method) parts.get(i)).getReturnType();
    }
    Constructor<?> canonical = type.getDeclaredConstructor(types);
    return canonical.newInstance(values.toArray());
  }

  /** Through the constructor what is final, the rest into the fields. */
  private Object fields(List<@Nullable Object> values) throws ReflectiveOperationException {
    if (type == Operation.class) {
      Class<?>[] types =
          parts.stream().map(part -> ((Field) part).getType()).toArray(Class<?>[]::new);
      return type.getDeclaredConstructor(types).newInstance(values.toArray());
    }
    Object made =
        type == Unit.class
            ? new Unit(
                part(values, UnitName.class, "name"),
                part(values, Service.class, "service"),
                part(values, Instant.class, "since"))
            : new Run(
                part(values, BirthId.class, "id"),
                part(values, Integer.class, "number"),
                part(values, Integer.class, "generation"),
                part(values, Instant.class, "asked"));
    for (int i = 0; i < parts.size(); i++) {
      Field field = (Field) parts.get(i);
      if (!Modifier.isFinal(field.getModifiers())) {
        field.set(made, values.get(i));
      }
    }
    return made;
  }

  private <T> T part(List<@Nullable Object> values, Class<T> as, String name) {
    return as.cast(requireNonNull(values.get(names.indexOf(name)), name));
  }
}
