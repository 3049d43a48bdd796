import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassElement;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.InnerClassesAttribute;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Plain.java FOLDER: rewrites in the jars pinfold-* of a folder what javac leaves to be made up at run time. A switch over types becomes a chain
 * of instanceof, and equals, hashCode and toString of records become ordinary code; both do the same as before. No AOT
 * cache of JDK 25 holds such call sites: each made a class of its own at every start, together a good part of what a
 * short command or a supervisor's first request took. Every class that was changed is verified.
 */
class Plain {
  private static final String SWITCHES = "java.lang.runtime.SwitchBootstraps";
  private static final String RECORDS = "java.lang.runtime.ObjectMethods";
  private static final ClassDesc OBJECTS = ClassDesc.of("java.util.Objects");
  private static final ClassDesc BUILDER = ClassDesc.of("java.lang.StringBuilder");

  /** A switch over types: what its call site would have answered. */
  private record Choice(String name, MethodTypeDesc type, List<ClassDesc> labels) {}

  private record Component(String name, ClassDesc type) {}

  private final ClassFile classFile;
  private int changed;

  private Plain(Map<String, byte[]> classes) {
    ClassHierarchyResolver own =
        ClassHierarchyResolver.ofResourceParsing(type -> stream(classes.get(internal(type))));
    classFile =
        ClassFile.of(
            ClassFile.ConstantPoolSharingOption.NEW_POOL,
            ClassFile.ClassHierarchyResolverOption.of(
                own.orElse(ClassHierarchyResolver.defaultResolver())));
  }

  static void main(String[] folder) throws IOException {
    List<Path> jars = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of(folder[0]), "*.jar")) {
      files.forEach(jars::add);
    }
    Map<String, byte[]> classes = new HashMap<>();
    for (Path jar : jars) {
      read(jar).forEach((entry, bytes) -> classes.put(entry.getName().replace(".class", ""), bytes));
    }
    Plain plain = new Plain(classes);
    for (Path jar : jars) {
      if (jar.getFileName().toString().startsWith("pinfold-")) {
        plain.rewrite(jar);
      }
    }
    System.out.println(plain.changed + " classes made plain");
  }

  private static String internal(ClassDesc type) {
    String descriptor = type.descriptorString();
    return descriptor.substring(1, descriptor.length() - 1);
  }

  private static InputStream stream(byte[] bytes) {
    return bytes == null ? null : new ByteArrayInputStream(bytes);
  }

  private static Map<ZipEntry, byte[]> read(Path jar) throws IOException {
    Map<ZipEntry, byte[]> all = new LinkedHashMap<>();
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      for (ZipEntry entry : zip.stream().toList()) {
        try (InputStream in = zip.getInputStream(entry)) {
          all.put(entry, in.readAllBytes());
        }
      }
    }
    return all;
  }

  private void rewrite(Path jar) throws IOException {
    Path made = jar.resolveSibling(jar.getFileName() + ".new");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(made))) {
      for (Map.Entry<ZipEntry, byte[]> entry : read(jar).entrySet()) {
        ZipEntry copy = new ZipEntry(entry.getKey().getName());
        copy.setTime(entry.getKey().getTime());
        out.putNextEntry(copy);
        out.write(copy.getName().endsWith(".class") ? plain(entry.getValue()) : entry.getValue());
        out.closeEntry();
      }
    }
    Files.move(made, jar, StandardCopyOption.REPLACE_EXISTING);
  }

  byte[] plain(byte[] bytes) {
    ClassModel model = classFile.parse(bytes);
    if (model.methods().stream().noneMatch(this::concerned)) {
      return bytes;
    }
    byte[] made = classFile.transformClass(model, new Rewriting(model));
    List<VerifyError> errors = classFile.verify(made);
    if (!errors.isEmpty()) {
      throw new IllegalStateException(model.thisClass().asInternalName() + ": " + errors);
    }
    changed++;
    return made;
  }

  private boolean concerned(MethodModel method) {
    return method.code().stream()
        .flatMap(code -> code.elementStream())
        .anyMatch(e -> choice(e, "").isPresent() || components(e).isPresent());
  }

  private static boolean by(InvokeDynamicInstruction call, String bootstraps) {
    return call.bootstrapMethod().owner().descriptorString().equals("L" + bootstraps.replace('.', '/') + ";");
  }

  private static Optional<Choice> choice(CodeElement element, String name) {
    if (element instanceof InvokeDynamicInstruction call
        && by(call, SWITCHES)
        && call.bootstrapMethod().methodName().equals("typeSwitch")) {
      List<ClassDesc> labels = new ArrayList<>();
      for (ConstantDesc label : call.bootstrapArgs()) {
        // Constants among the labels compare in ways of their own: such a switch stays as it is.
        if (!(label instanceof ClassDesc type) || type.isPrimitive()) {
          return Optional.empty();
        }
        labels.add(type);
      }
      return Optional.of(new Choice(name, call.typeSymbol(), labels));
    }
    return Optional.empty();
  }

  private static Optional<List<Component>> components(CodeElement element) {
    if (!(element instanceof InvokeDynamicInstruction call) || !by(call, RECORDS)) {
      return Optional.empty();
    }
    List<Component> all = new ArrayList<>();
    for (ConstantDesc argument : call.bootstrapArgs()) {
      if (argument instanceof DirectMethodHandleDesc getter) {
        all.add(new Component(getter.methodName(), getter.invocationType().returnType()));
      }
    }
    return Optional.of(all);
  }

  /** Of one class. */
  private static final class Rewriting implements ClassTransform {
    private final ClassModel model;
    private final ClassDesc self;
    private final boolean isInterface;
    private final List<Choice> choices = new ArrayList<>();

    Rewriting(ClassModel model) {
      this.model = model;
      this.self = model.thisClass().asSymbol();
      this.isInterface = model.flags().has(AccessFlag.INTERFACE);
    }

    @Override
    public void accept(ClassBuilder builder, ClassElement element) {
      if (!(element instanceof MethodModel method) || method.code().isEmpty()) {
        builder.with(element);
        return;
      }
      Optional<List<Component>> components =
          method.code().get().elementStream().flatMap(e -> components(e).stream()).findFirst();
      if (components.isPresent()) {
        builder.withMethod(
            method.methodName(),
            method.methodType(),
            method.flags().flagsMask(),
            made -> made.withCode(code -> record(code, method.methodName().stringValue(), components.get())));
      } else {
        builder.transformMethod(method, MethodTransform.transformingCode(this::code));
      }
    }

    private void code(CodeBuilder builder, CodeElement element) {
      Optional<Choice> choice = choice(element, "typeSwitch$" + choices.size());
      if (choice.isPresent()) {
        choices.add(choice.get());
        builder.invokestatic(self, choice.get().name(), choice.get().type(), isInterface);
      } else {
        builder.with(element);
      }
    }

    @Override
    public void atEnd(ClassBuilder builder) {
      for (Choice choice : choices) {
        builder.withMethodBody(
            choice.name(),
            choice.type(),
            ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC | ClassFile.ACC_SYNTHETIC,
            code -> choose(code, choice.labels()));
      }
    }

    /** -1 for null, else the first label from the given one on that fits, else their number. */
    private static void choose(CodeBuilder code, List<ClassDesc> labels) {
      Label there = code.newLabel();
      Label none = code.newLabel();
      List<Label> starts = labels.stream().map(label -> code.newLabel()).toList();
      code.aload(0).ifnonnull(there).iconst_m1().ireturn().labelBinding(there);
      List<SwitchCase> cases = new ArrayList<>();
      for (int i = 0; i < labels.size(); i++) {
        cases.add(SwitchCase.of(i, starts.get(i)));
      }
      code.iload(1).tableswitch(none, cases);
      for (int i = 0; i < labels.size(); i++) {
        Label next = i + 1 < labels.size() ? starts.get(i + 1) : none;
        code.labelBinding(starts.get(i)).aload(0).instanceOf(labels.get(i)).ifeq(next).loadConstant(i).ireturn();
      }
      code.labelBinding(none).loadConstant(labels.size()).ireturn();
    }

    private void record(CodeBuilder code, String method, List<Component> components) {
      switch (method) {
        case "hashCode" -> hash(code, components);
        case "equals" -> equal(code, components);
        case "toString" -> text(code, components);
        default -> throw new IllegalStateException(method);
      }
    }

    private void hash(CodeBuilder code, List<Component> components) {
      code.iconst_0();
      for (Component component : components) {
        code.loadConstant(31).imul().aload(0).getfield(self, component.name(), component.type());
        if (component.type().isPrimitive()) {
          code.invokestatic(
              boxOf(component.type()), "hashCode", MethodTypeDesc.of(ConstantDescs.CD_int, component.type()));
        } else {
          code.invokestatic(
              OBJECTS, "hashCode", MethodTypeDesc.of(ConstantDescs.CD_int, ConstantDescs.CD_Object));
        }
        code.iadd();
      }
      code.ireturn();
    }

    private void equal(CodeBuilder code, List<Component> components) {
      Label other = code.newLabel();
      Label same = code.newLabel();
      Label differs = code.newLabel();
      code.aload(0).aload(1).if_acmpne(other).iconst_1().ireturn().labelBinding(other);
      code.aload(1).instanceOf(self).ifne(same).iconst_0().ireturn().labelBinding(same);
      code.aload(1).checkcast(self).astore(2);
      for (Component component : components) {
        code.aload(0).getfield(self, component.name(), component.type());
        code.aload(2).getfield(self, component.name(), component.type());
        ClassDesc type = component.type();
        switch (TypeKind.from(type)) {
          case REFERENCE -> {
            MethodTypeDesc equals =
                MethodTypeDesc.of(ConstantDescs.CD_boolean, ConstantDescs.CD_Object, ConstantDescs.CD_Object);
            code.invokestatic(OBJECTS, "equals", equals).ifeq(differs);
          }
          case LONG -> code.lcmp().ifne(differs);
          case FLOAT, DOUBLE ->
              code.invokestatic(boxOf(type), "compare", MethodTypeDesc.of(ConstantDescs.CD_int, type, type))
                  .ifne(differs);
          default -> code.if_icmpne(differs);
        }
      }
      code.iconst_1().ireturn();
      if (!components.isEmpty()) {
        code.labelBinding(differs).iconst_0().ireturn();
      }
    }

    private void text(CodeBuilder code, List<Component> components) {
      code.new_(BUILDER).dup().invokespecial(BUILDER, "<init>", MethodTypeDesc.of(ConstantDescs.CD_void));
      String before = simpleName() + "[";
      for (Component component : components) {
        append(code.loadConstant(before + component.name() + "="), ConstantDescs.CD_String);
        code.aload(0).getfield(self, component.name(), component.type());
        append(
            code,
            switch (TypeKind.from(component.type())) {
              case REFERENCE -> ConstantDescs.CD_Object;
              case BYTE, SHORT -> ConstantDescs.CD_int;
              default -> component.type();
            });
        before = ", ";
      }
      append(code.loadConstant(components.isEmpty() ? before + "]" : "]"), ConstantDescs.CD_String);
      code.invokevirtual(BUILDER, "toString", MethodTypeDesc.of(ConstantDescs.CD_String)).areturn();
    }

    private static void append(CodeBuilder code, ClassDesc type) {
      code.invokevirtual(BUILDER, "append", MethodTypeDesc.of(BUILDER, type));
    }

    private String simpleName() {
      return model.elementStream()
          .flatMap(e -> e instanceof InnerClassesAttribute inner ? inner.classes().stream() : Stream.of())
          .filter(inner -> inner.innerClass().asSymbol().equals(self))
          .flatMap(inner -> inner.innerName().stream())
          .map(name -> name.stringValue())
          .findFirst()
          .orElse(self.displayName());
    }

    private static ClassDesc boxOf(ClassDesc primitive) {
      return switch (TypeKind.from(primitive)) {
        case BOOLEAN -> ConstantDescs.CD_Boolean;
        case BYTE -> ConstantDescs.CD_Byte;
        case CHAR -> ConstantDescs.CD_Character;
        case SHORT -> ConstantDescs.CD_Short;
        case INT -> ConstantDescs.CD_Integer;
        case LONG -> ConstantDescs.CD_Long;
        case FLOAT -> ConstantDescs.CD_Float;
        case DOUBLE -> ConstantDescs.CD_Double;
        case REFERENCE, VOID -> throw new IllegalArgumentException(primitive.displayName());
      };
    }
  }
}
