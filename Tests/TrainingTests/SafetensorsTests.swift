// Files of tensors: there and back, and everything that a file must not be.

import Foundation
import Tensors
import Testing

@testable import Training

@Suite struct SafetensorsTests {
  @Test("what is written is read back bit for bit")
  func roundTrip() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.safetensors")
    let odd = Tensor([2, 2], [0.1, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude])
    let values: [String: StoredTensor] = [
      "conv.weight": .floats(odd), "scalar": .floats(Tensor([], [3])), "nothing": .floats(Tensor(zeros: [0, 5])),
      "count": .integers([2], [.min, 1 << 60]),
    ]
    let notes = ["format": "pt", "a \"quoted\"\n": "\u{1}é\\ 😀"]
    try Safetensors.write(values, metadata: notes, to: path)
    let file = try Safetensors(path: path)
    #expect(try file.tensor("conv.weight").elements.map(\.bitPattern) == odd.elements.map(\.bitPattern))
    #expect(try file.tensor("scalar") == Tensor([], [3]))
    #expect(try file.tensor("nothing").shape == [0, 5])
    #expect(try file.integers("count") == [.min, 1 << 60])
    #expect(file.metadata == notes)
    #expect(file["count"]?.type == .int64)
    #expect(file["other"] == nil)
  }

  @Test("the same tensors give the same bytes, aligned to 8, with no file left beside")
  func deterministic() throws {
    let scratch = try Scratch()
    let values = Dictionary(uniqueKeysWithValues: (0..<40).map { ("w\($0)", Tensor([3], repeating: Float($0))) })
    try Safetensors.write(values, metadata: ["b": "1", "a": "2"], to: scratch.file("a"))
    try Safetensors.write(values, metadata: ["a": "2", "b": "1"], to: scratch.file("b"))
    let bytes = try Data(contentsOf: URL(fileURLWithPath: scratch.file("a")))
    #expect(try bytes == Data(contentsOf: URL(fileURLWithPath: scratch.file("b"))))
    #expect(bytes[0] % 8 == 0)
    #expect(scratch.listing == ["a", "b"])
  }

  @Test("every stored type arrives as the number that it stands for")
  func types() throws {
    let scratch = try Scratch()
    let cases: [(String, [UInt8], Float)] = [
      ("F64", [0, 0, 0, 0, 0, 0, 0xF8, 0xBF], -1.5), ("F32", [0, 0, 0xC0, 0x3F], 1.5), ("F16", [0, 0x3E], 1.5),
      ("F16", [1, 0], 0x1p-24), ("F16", [0xFF, 0x7B], 65504), ("F16", [0, 0x84], -0x1p-14),
      ("BF16", [0xC0, 0xBF], -1.5),
      ("I64", [0xFE] + Array(repeating: 0xFF, count: 7), -2), ("I32", [0xFD, 0xFF, 0xFF, 0xFF], -3),
      ("I16", [0xFC, 0xFF], -4), ("I8", [0xFB], -5), ("U8", [250], 250), ("BOOL", [1], 1),
    ]
    for (index, (type, bytes, value)) in cases.enumerated() {
      let path = scratch.file("\(index)")
      try write(#"{"x":{"dtype":"\#(type)","shape":[1],"data_offsets":[0,\#(bytes.count)]}}"#, bytes, to: path)
      #expect(try Safetensors(path: path).tensor("x").elements == [value], "\(type)")
    }
  }

  @Test("a hostile file is refused with its path, what was expected and what was found", arguments: Hostile.all)
  func hostile(_ file: Hostile) throws {
    let scratch = try Scratch()
    let path = scratch.file("hostile.safetensors")
    try Data(file.bytes).write(to: URL(fileURLWithPath: path))
    let refusal = message { _ = try Safetensors(path: path) }
    #expect(refusal?.hasPrefix(path + ": expected ") == true, "\(refusal ?? "accepted")")
    #expect(refusal?.contains(file.says) == true, "\(refusal ?? "accepted")")
    #expect((refusal?.count ?? 0) < path.count + 250)
  }

  @Test("NaN and infinity are refused unless allowed, and the place is named")
  func nonFinite() throws {
    let scratch = try Scratch()
    for bad in [Float.nan, .infinity, -.infinity] {
      try Safetensors.write(["w": Tensor(vector: [1, 2, bad])], to: scratch.file("a"))
      let file = try Safetensors(path: scratch.file("a"))
      #expect(message { _ = try file.tensor("w") }?.contains("at element 2") == true)
      #expect(try file.tensor("w", nonFinite: .allowed).elements[2].isFinite == false)
    }
    // 1e300 is finite in the file and no Float.
    let bytes = withUnsafeBytes(of: 1e300) { Array($0) }
    try write(#"{"x":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}"#, bytes, to: scratch.file("b"))
    #expect(message { _ = try Safetensors(path: scratch.file("b")).tensor("x") }?.contains("inf") == true)
  }

  @Test("what is asked for and not there is named")
  func absent() throws {
    let scratch = try Scratch()
    try Safetensors.write(["w": Tensor(zeros: [1])], to: scratch.file("a"))
    let file = try Safetensors(path: scratch.file("a"))
    #expect(message { _ = try file.tensor("v") }?.contains(#"expected a tensor "v", found 1 others"#) == true)
    #expect(message { _ = try file.integers("w") }?.contains("found type F32") == true)
    #expect(message { _ = try Safetensors(path: scratch.file("no")) }?.contains("no such file") == true)
    #expect(message { _ = try Safetensors(path: scratch.path) }?.contains("found a folder") == true)
    #expect(message { _ = try Safetensors(path: "/dev/zero") }?.contains("not a file") == true)
  }

  @Test("where nothing can be written, the old file stays and nothing is left behind")
  func unwritable() throws {
    let scratch = try Scratch()
    #expect(
      message { try Safetensors.write(["w": Tensor(zeros: [1])], to: scratch.file("no/a")) }?
        .contains("expected a folder that can be written") == true)
    #expect(
      message { try Safetensors.write(["w": Tensor(zeros: [1])], to: scratch.path) }?.contains("found a folder") == true
    )
    #expect(scratch.listing.isEmpty)
  }

  @Test("a writer killed on the way leaves the old file, and the next one clears up")
  func killedWriter() throws {
    let scratch = try Scratch()
    let path = scratch.file("a")
    try Safetensors.write(["w": Tensor(zeros: [1])], to: path)
    // What a writer leaves that was killed between its first byte and its rename; no process has this number.
    try Data([1, 2, 3]).write(to: URL(fileURLWithPath: scratch.file(".a.partial-999999999")))
    // A writer that lives (the first process always does) keeps its own.
    try Data([1, 2, 3]).write(to: URL(fileURLWithPath: scratch.file(".a.partial-1")))
    #expect(try Safetensors(path: path).tensor("w") == Tensor(zeros: [1]))
    try Safetensors.write(["w": Tensor(zeros: [2])], to: path)
    #expect(try Safetensors(path: path).tensor("w") == Tensor(zeros: [2]))
    #expect(scratch.listing == [".a.partial-1", "a"])
  }

  @Test(
    "cut off anywhere it is refused; with any byte changed it is refused or says something else, and nothing crashes")
  func everyByte() throws {
    let scratch = try Scratch()
    let path = scratch.file("a")
    let header =
      #"{"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},"#
      + #""b":{"dtype":"U8","shape":[3],"data_offsets":[8,11]}}"#
    let whole = fileBytes(header, [UInt8](repeating: 1, count: 11))
    for length in 0..<whole.count {
      try Data(whole.prefix(length)).write(to: URL(fileURLWithPath: path))
      #expect(message { _ = try Safetensors(path: path) }?.contains("\n") == false, "\(length) bytes")
    }
    for place in whole.indices {
      for flip in [UInt8(0x01), 0x20, 0x80] {
        var bytes = whole
        bytes[place] ^= flip
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        let text = message {
          let file = try Safetensors(path: path)
          for name in file.names { _ = try file.tensor(name, nonFinite: .allowed) }
          #expect(bytes.count >= file.entries.reduce(0) { $0 + $1.shape.count * $1.type.size })
        }
        #expect(text?.contains("\n") != true, "byte \(place): \(text ?? "")")
      }
    }
  }

  @Test("names out of a file reach no terminal as codes, and no message as a book")
  func hostileNames() throws {
    let scratch = try Scratch()
    let long = String(repeating: "x", count: 1_000_000)
    for (name, shown) in [("a\u{1B}[2J\nb", #"a\u{1b}[2J\u{a}b"#), (long, "xxx…"), ("\u{202E}abc", #"\u{202e}abc"#)] {
      try Safetensors.write([name: Tensor(zeros: [1])], to: scratch.file("a"))
      var model = try smallModel()
      let refusal = message { try model.load(contentsOf: scratch.file("a")) } ?? "loaded"
      #expect(refusal.contains(shown) && !refusal.contains("\n") && !refusal.contains("\u{1B}"), "\(refusal)")
      #expect(refusal.utf8.count < 1_000)
      let absent = message { _ = try Safetensors(path: scratch.file("a")).tensor("w") } ?? "read"
      #expect(absent.contains(shown) && absent.utf8.count < 500)
    }
  }

  @Test("a file that shrinks after it was opened is reported")
  func shrinks() throws {
    let scratch = try Scratch()
    try Safetensors.write(["w": Tensor(zeros: [100])], to: scratch.file("a"))
    let file = try Safetensors(path: scratch.file("a"))
    try FileHandle(forWritingTo: URL(fileURLWithPath: scratch.file("a"))).truncate(atOffset: 20)
    #expect(message { _ = try file.tensor("w") }?.contains("as when it was opened") == true)
  }
}

/// Writes a file with a given header.
private func write(_ header: String, _ data: [UInt8], to path: String) throws {
  try Data(fileBytes(header, data)).write(to: URL(fileURLWithPath: path))
}

private func fileBytes(_ header: String, _ data: [UInt8]) -> [UInt8] {
  withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) } + Array(header.utf8) + data
}

/// A file that must be refused, and a part of what the refusal says.
struct Hostile: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var bytes: [UInt8]
  var says: String

  init(_ name: String, _ bytes: [UInt8], _ says: String) {
    (testDescription, self.bytes, self.says) = (name, bytes, says)
  }

  init(_ name: String, header: String, data: Int = 0, _ says: String) {
    self.init(name, fileBytes(header, [UInt8](repeating: 0, count: data)), says)
  }

  static let good = #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#

  static let all: [Hostile] = [
    .init("empty", [], "at least 8 bytes, found 0"),
    .init("seven bytes", [0, 0, 0, 0, 0, 0, 0], "found 7"),
    .init("huge header", Array(repeating: 0xFF, count: 100), "found a header length of 18446744073709551615"),
    .init("header longer than the file", Array(fileBytes(good, []).prefix(20)), "at most 12 bytes"),
    .init("truncated data", header: good, data: 7, "to end within 7 bytes of data, found offset 8"),
    .init("trailing data", header: good, data: 9, "found 1 bytes more"),
    .init("no header", header: "", "expected \"{\", found the end of the header"),
    .init("not JSON", header: "PK\u{3}\u{4}", "expected \"{\", found \"P\" at byte 0"),
    .init("an array", header: "[1]", "expected \"{\""),
    .init("cut JSON", header: #"{"a":{"dtype":"F32","shape":[2]"#, "found the end of the header"),
    .init("text behind", header: "{} x", "expected the end of the header"),
    .init("deep nesting", header: String(repeating: "{\"a\":", count: 10000), "expected"),
    .init("not UTF-8", [8, 0, 0, 0, 0, 0, 0, 0] + Array("{\"".utf8) + [0xFF, 0xFE] + Array("\":{}".utf8), "UTF-8"),
    .init("control character", header: "{\"a\nb\":{}}", "no control character"),
    .init("lone surrogate", header: #"{"\ud800":{}}"#, "not half a surrogate pair"),
    .init("bad escape", header: #"{"\x":{}}"#, "a JSON escape"),
    .init(
      "unknown type", header: #"{"a":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1]}}"#, data: 1,
      #"found "F8_E4M3""#),
    .init("type missing", header: #"{"a":{"shape":[1],"data_offsets":[0,1]}}"#, data: 1, "no dtype"),
    .init("shape missing", header: #"{"a":{"dtype":"U8","data_offsets":[0,1]}}"#, data: 1, "no shape"),
    .init("offsets missing", header: #"{"a":{"dtype":"U8","shape":[1]}}"#, data: 1, "no data_offsets"),
    .init(
      "an extra key", header: #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"z":1}}"#, data: 1, #"found "z""#),
    .init(
      "a key twice", header: #"{"a":{"dtype":"U8","dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, data: 4, "twice"),
    .init(
      "negative extent", header: #"{"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}}"#, data: 1, "an integer"),
    .init(
      "fractional extent", header: #"{"a":{"dtype":"U8","shape":[1.5],"data_offsets":[0,1]}}"#, data: 1, "found \".\""),
    .init(
      "number too large", header: #"{"a":{"dtype":"U8","shape":[99999999999999999999],"data_offsets":[0,1]}}"#, data: 1,
      "numbers below 2⁶³"),
    .init(
      "product overflows", header: #"{"a":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,0]}}"#,
      "fewer than 2⁶³ bytes"),
    .init(
      "overflow hidden by a zero",
      header: #"{"a":{"dtype":"U8","shape":[4294967296,4294967296,0],"data_offsets":[0,0]}}"#, "fewer than 2⁶³"),
    .init(
      "size overflows", header: #"{"a":{"dtype":"F64","shape":[4611686018427387904],"data_offsets":[0,8]}}"#, data: 8,
      "fewer than 2⁶³"),
    .init(
      "absurd size", header: #"{"a":{"dtype":"F32","shape":[1000000000],"data_offsets":[0,4000000000]}}"#, data: 4,
      "found offset 4000000000"),
    .init(
      "size and offsets disagree", header: #"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"#, data: 8,
      "3 × 4 = 12 bytes, found offsets 0 to 8 = 8"),
    .init(
      "offsets reversed", header: #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, data: 4, "[begin, end]"),
    .init(
      "three offsets", header: #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,4]}}"#, data: 4, "[begin, end]"),
    .init(
      "overlap",
      header:
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}"#,
      data: 6, "an overlap of 2 bytes"),
    .init(
      "the same place twice",
      header:
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
      data: 4, "an overlap of 4 bytes"),
    .init(
      "hole",
      header:
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}"#,
      data: 12, "a gap of 4 bytes"),
    .init(
      "hole at the start", header: #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, data: 8,
      "a gap of 4 bytes"),
    .init(
      "a name twice",
      header:
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
      data: 8, #""a" twice"#),
    .init(
      "the same name in two spellings",
      header:
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"\u0061":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
      data: 8, #""a" twice"#),
    .init("notes twice", header: #"{"__metadata__":{},"__metadata__":{}}"#, #""__metadata__" twice"#),
    .init("a note that is no text", header: #"{"__metadata__":{"a":1}}"#, "expected \"\"\""),
    .init(
      "a very long name",
      header: #"{"\#(String(repeating: "n", count: 5000))":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}"#, data: 8,
      "…"),
  ]
}
