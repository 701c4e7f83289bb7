// The header of a safetensors file: a strict parser for the subset of JSON that it uses.

import Tensors

/// The description of a safetensors file's contents, verified against the size of its data.
struct SafetensorsHeader {
  /// One tensor: its name, its storage type, its shape and its position.
  struct Entry: Hashable, Sendable {
    var name: String
    var type: ElementType
    var shape: Shape
    /// Its bytes, counted from the end of the header.
    var bytes: Range<Int>
  }

  /// The tensors in the order of their data.
  var entries: [Entry]
  /// The metadata in the file.
  var metadata: [String: String]

  /// Reads and verifies a header.
  ///
  /// The tensors must cover the data exactly: no overlap, no gap, and nothing after the last one.
  /// A general JSON parser is not suitable: it silently drops the first of two tensors with the same name.
  ///
  /// - Parameters:
  ///   - json: the bytes of the header.
  ///   - dataCount: the number of bytes after the header.
  ///   - path: the file, for messages.
  init(json: [UInt8], dataCount: Int, path: String) throws(SafetensorsError) {
    var scanner = HeaderScanner(bytes: json, path: path)
    (entries, metadata) = try scanner.header()

    for entry in entries {
      let (begin, end) = (entry.bytes.lowerBound, entry.bytes.upperBound)
      if end > dataCount {
        throw SafetensorsError(
          path, expected: "tensor \(quoted(entry.name)) to end within \(dataCount) bytes of data",
          found: "offset \(end)")
      }
      // The scanner has checked that neither product overflows.
      let needed = entry.shape.count * entry.type.size
      if needed != end - begin {
        throw SafetensorsError(
          path,
          expected: "tensor \(quoted(entry.name)) \(entry.type.rawValue) \(entry.shape) to take "
            + "\(entry.shape.count) × \(entry.type.size) = \(needed) bytes",
          found: "offsets \(begin) to \(end) = \(end - begin)")
      }
    }

    entries.sort {
      ($0.bytes.lowerBound, $0.bytes.upperBound, $0.name) < ($1.bytes.lowerBound, $1.bytes.upperBound, $1.name)
    }
    var next = 0
    var last = "the header"
    for entry in entries {
      let begin = entry.bytes.lowerBound
      if begin != next {
        throw SafetensorsError(
          path, expected: "tensor \(quoted(entry.name)) to begin where \(last) ends, at \(next)",
          found: "\(begin), \(begin < next ? "an overlap" : "a gap") of \(abs(begin - next)) bytes")
      }
      next = entry.bytes.upperBound
      last = "tensor " + quoted(entry.name)
    }
    if next != dataCount {
      throw SafetensorsError(
        path, expected: "the data to end with \(last), at \(next)", found: "\(dataCount - next) bytes more")
    }
  }
}

/// A name for messages: in quotes, cut to a readable length.
func quoted(_ name: String) -> String { "\"" + Safetensors.readable(name) + "\"" }

extension Safetensors {
  /// Text from a file for messages: on one line, of a readable length, without terminal control codes.
  public static func readable(_ text: String, limit: Int = 60) -> String {
    // The limit counts code points: a single character can consist of a million code points.
    let cut = text.unicodeScalars.prefix(limit + 1)
    var result = ""
    for scalar in cut.prefix(limit) {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
        result += "\\u{" + String(scalar.value, radix: 16) + "}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return cut.count > limit ? result + "…" : result
  }
}

/// Parses an object of objects that contain strings and integers, and nothing else; never recurses.
private struct HeaderScanner {
  let bytes: [UInt8]
  let path: String
  var place = 0

  mutating func header() throws(SafetensorsError) -> ([SafetensorsHeader.Entry], [String: String]) {
    var entries: [SafetensorsHeader.Entry] = []
    var metadata: [String: String]?
    var names: Set<String> = []
    var more = try open(UInt8(ascii: "{"), UInt8(ascii: "}"))
    while more {
      let name = try string()
      try expect(UInt8(ascii: ":"))
      if name == "__metadata__" {
        if metadata != nil { throw duplicate(name) }
        metadata = try strings()
      } else {
        if !names.insert(name).inserted { throw duplicate(name) }
        entries.append(try entry(name))
      }
      more = try another(UInt8(ascii: "}"))
    }
    skipSpace()
    if place < bytes.count { throw unexpected("the end of the header") }
    return (entries, metadata ?? [:])
  }

  private mutating func entry(_ name: String) throws(SafetensorsError) -> SafetensorsHeader.Entry {
    var type: ElementType?
    var shape: [Int]?
    var offsets: [Int]?
    var more = try open(UInt8(ascii: "{"), UInt8(ascii: "}"))
    while more {
      let key = try string()
      try expect(UInt8(ascii: ":"))
      switch key {
      case "dtype" where type == nil:
        let word = try string()
        guard let known = ElementType(rawValue: word) else {
          throw SafetensorsError(
            path,
            expected: "tensor \(quoted(name)) of one of the types "
              + ElementType.allCases.map(\.rawValue).joined(separator: ", "),
            found: quoted(word))
        }
        type = known
      case "shape" where shape == nil: shape = try integers()
      case "data_offsets" where offsets == nil: offsets = try integers()
      case "dtype", "shape", "data_offsets": throw duplicate(key)
      default:
        throw SafetensorsError(
          path, expected: "tensor \(quoted(name)) with only dtype, shape and data_offsets", found: quoted(key))
      }
      more = try another(UInt8(ascii: "}"))
    }
    guard let type, let shape, let offsets else {
      let missing = type == nil ? "dtype" : shape == nil ? "shape" : "data_offsets"
      throw SafetensorsError(
        path, expected: "tensor \(quoted(name)) with dtype, shape and data_offsets", found: "no \(missing)")
    }
    guard offsets.count == 2, offsets[0] <= offsets[1] else {
      throw SafetensorsError(
        path, expected: "tensor \(quoted(name)) with data_offsets [begin, end]", found: "\(offsets.prefix(4))")
    }
    // Every partial product is checked, in the order in which Shape multiplies.
    var size = 1
    var overflows = false
    for extent in shape {
      let (product, overflow) = size.multipliedReportingOverflow(by: extent)
      size = product
      overflows = overflows || overflow
    }
    overflows = overflows || size.multipliedReportingOverflow(by: type.size).overflow
    if overflows {
      throw SafetensorsError(
        path, expected: "tensor \(quoted(name)) of fewer than 2⁶³ bytes", found: "shape \(shape.prefix(8))")
    }
    return .init(name: name, type: type, shape: Shape(shape), bytes: offsets[0]..<offsets[1])
  }

  private mutating func strings() throws(SafetensorsError) -> [String: String] {
    var result: [String: String] = [:]
    var more = try open(UInt8(ascii: "{"), UInt8(ascii: "}"))
    while more {
      let key = try string()
      try expect(UInt8(ascii: ":"))
      if result.updateValue(try string(), forKey: key) != nil { throw duplicate(key) }
      more = try another(UInt8(ascii: "}"))
    }
    return result
  }

  private mutating func integers() throws(SafetensorsError) -> [Int] {
    var result: [Int] = []
    var more = try open(UInt8(ascii: "["), UInt8(ascii: "]"))
    while more {
      result.append(try integer())
      more = try another(UInt8(ascii: "]"))
    }
    return result
  }

  private mutating func integer() throws(SafetensorsError) -> Int {
    skipSpace()
    var value = 0
    let first = place
    while place < bytes.count, case let digit = bytes[place], (48...57).contains(digit) {
      let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tenfold.addingReportingOverflow(Int(digit - 48))
      if overflow || carry {
        throw SafetensorsError(path, expected: "numbers below 2⁶³ in the header", found: "a larger one")
      }
      value = sum
      place += 1
    }
    if place == first { throw unexpected("an integer, 0 or more") }
    return value
  }

  private mutating func string() throws(SafetensorsError) -> String {
    try expect(UInt8(ascii: "\""))
    var text: [UInt8] = []
    while place < bytes.count {
      let byte = bytes[place]
      place += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let result = String(validating: text, as: UTF8.self) else {
          throw SafetensorsError(path, expected: "a header in UTF-8", found: "invalid bytes")
        }
        return result
      case UInt8(ascii: "\\"): try escape(into: &text)
      case 0..<0x20:
        place -= 1
        throw unexpected("no control character in a name")
      default: text.append(byte)
      }
    }
    throw unexpected("a closing quotation mark")
  }

  private mutating func escape(into text: inout [UInt8]) throws(SafetensorsError) {
    guard place < bytes.count else { throw unexpected("a character after the backslash") }
    let byte = bytes[place]
    place += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(8)
    case UInt8(ascii: "t"): text.append(9)
    case UInt8(ascii: "n"): text.append(10)
    case UInt8(ascii: "f"): text.append(12)
    case UInt8(ascii: "r"): text.append(13)
    case UInt8(ascii: "u"):
      var code = try hexadecimal()
      // Characters beyond 16 bits are written as two surrogates.
      if (0xD800..<0xDC00).contains(code), place + 1 < bytes.count, bytes[place] == UInt8(ascii: "\\"),
        bytes[place + 1] == UInt8(ascii: "u")
      {
        place += 2
        let low = try hexadecimal()
        guard (0xDC00..<0xE000).contains(low) else { throw unexpected("the second half of a surrogate pair") }
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(code) else { throw unexpected("a character, not half a surrogate pair") }
      text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    default:
      place -= 1
      throw unexpected("a JSON escape")
    }
  }

  private mutating func hexadecimal() throws(SafetensorsError) -> UInt32 {
    guard place + 4 <= bytes.count else { throw unexpected("four hexadecimal digits") }
    var value: UInt32 = 0
    for byte in bytes[place..<place + 4] {
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw unexpected("four hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
    }
    place += 4
    return value
  }

  /// Consumes an opening bracket; returns whether anything follows before the closing one.
  private mutating func open(_ bracket: UInt8, _ closing: UInt8) throws(SafetensorsError) -> Bool {
    try expect(bracket)
    skipSpace()
    guard place < bytes.count, bytes[place] == closing else { return true }
    place += 1
    return false
  }

  /// Consumes a comma or the closing bracket; returns whether another element follows.
  private mutating func another(_ closing: UInt8) throws(SafetensorsError) -> Bool {
    skipSpace()
    guard place < bytes.count, bytes[place] == UInt8(ascii: ",") || bytes[place] == closing else {
      throw unexpected("\",\" or \"\(Character(Unicode.Scalar(closing)))\"")
    }
    place += 1
    return bytes[place - 1] == UInt8(ascii: ",")
  }

  private mutating func expect(_ byte: UInt8) throws(SafetensorsError) {
    skipSpace()
    guard place < bytes.count, bytes[place] == byte else {
      throw unexpected("\"\(Character(Unicode.Scalar(byte)))\"")
    }
    place += 1
  }

  private mutating func skipSpace() {
    while place < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[place]) { place += 1 }
  }

  private func unexpected(_ expected: String) -> SafetensorsError {
    let found: String
    if place >= bytes.count {
      found = "the end of the header"
    } else if (0x21...0x7E).contains(bytes[place]) {
      found = "\"\(Character(Unicode.Scalar(bytes[place])))\" at byte \(place) of the header"
    } else {
      found = "byte \(bytes[place]) at byte \(place) of the header"
    }
    return SafetensorsError(path, expected: expected, found: found)
  }

  private func duplicate(_ name: String) -> SafetensorsError {
    SafetensorsError(path, expected: "each name once in the header", found: "\(quoted(name)) twice")
  }
}
