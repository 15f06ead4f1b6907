/// What a value of the format may be. One generic pass holds every file against these descriptions and reports what
/// does not fit; the decoders that follow can then be simple. They are data, so that an editor's schema can be printed.
indirect enum Shape: Sendable {
  /// A text that is not empty.
  case text
  /// A name of letters, digits, `_` and `-`, beginning with a letter.
  case name
  case boolean
  /// True, false, or how many.
  case booleanOrCount
  case integer(ClosedRange<Int>)
  case duration
  case rate
  case oneOf([String])
  /// Any value; `${…}` in its texts is checked.
  case template
  case matcher
  /// `path: matcher` pairs.
  case fields
  /// `name: path` pairs.
  case captures
  /// `name: template` pairs.
  case values
  case list(Shape)
  /// One, or a list of them that is not empty.
  case oneOrMany(Shape)
  case mapping(MappingShape)
  /// Keys are names of the file's own, values of one shape.
  case dictionary(Shape)
  /// A scalar or list of the one shape, or a mapping.
  case either(Shape, MappingShape)
  /// One path, with `ascending` or the values in order.
  case order
  case nothingOr(Shape)
  case steps
}

struct MappingShape: Sendable {
  /// With its article, for messages.
  var name: String
  var keys: [KeyShape]
}

struct KeyShape: Sendable {
  var name: String
  var shape: Shape
  var required: Bool
  /// For people and editors.
  var help: String

  init(_ name: String, _ shape: Shape, required: Bool = false, _ help: String) {
    self.name = name
    self.shape = shape
    self.required = required
    self.help = help
  }
}

/// A verb of a step with the keys that may stand beside it.
struct VerbShape: Sendable {
  var name: String
  var shape: Shape
  var keys: [KeyShape]
  var help: String

  init(_ name: String, _ shape: Shape, _ help: String, _ keys: [KeyShape] = []) {
    self.name = name
    self.shape = shape
    self.keys = keys
    self.help = help
  }
}
