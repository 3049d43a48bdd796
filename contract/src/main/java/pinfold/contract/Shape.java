package pinfold.contract;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;

/** What reflection knows of a record class, looked up once. */
record Shape(List<Component> components, Constructor<?> constructor) {
  /** One component under its name on the wire. */
  record Component(String name, Type type, Method accessor) {
    Object of(Record value) {
      try {
        return accessor.invoke(value);
      } catch (IllegalAccessException | InvocationTargetException e) {
        throw new LinkageError(value.getClass() + "." + name, e);
      }
    }
  }

  private static final ClassValue<Shape> SHAPES =
      new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> type) {
          return look(type);
        }
      };

  static Shape of(Class<?> type) {
    return SHAPES.get(type);
  }

  private static Shape look(Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    List<Component> list = new ArrayList<>(components.length);
    Class<?>[] types = new Class<?>[components.length];
    for (int i = 0; i < components.length; i++) {
      RecordComponent component = components[i];
      types[i] = component.getType();
      list.add(
          new Component(
              Records.wireName(component.getName()),
              component.getGenericType(),
              component.getAccessor()));
    }
    try {
      return new Shape(list, type.getConstructor(types));
    } catch (NoSuchMethodException e) {
      throw new AssertionError(type + " is not a public record", e);
    }
  }
}
