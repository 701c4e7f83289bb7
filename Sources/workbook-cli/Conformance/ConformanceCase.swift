// One reference case: its attributes, tensors and tolerance.

import Foundation
import Workbook

/// One case of a manifest.
struct ConformanceCase {
  let name: String
  let kind: String
  let op: String
  let features: [String]
  let attributes: [String: JSONValue]
  /// All fields of the case, as in the manifest.
  let fields: [String: JSONValue]
  /// The folder of the manifest.
  let folder: String

  /// Reads all cases of a manifest.
  static func load(folder: String) throws -> [ConformanceCase] {
    let path = folder + "/manifest.json"
    guard let data = FileManager.default.contents(atPath: path) else {
      throw DataError(path, expected: "a conformance manifest", found: "no readable file")
    }
    guard let cases = try? JSONDecoder().decode(JSONValue.self, from: data)["cases"]?.items else {
      throw DataError(path, expected: "JSON with a list of cases", found: "\(data.count) bytes of something else")
    }
    return try cases.map { fields in
      guard let name = fields["name"]?.text, let kind = fields["kind"]?.text, let op = fields["op"]?.text else {
        throw DataError(path, expected: "a name, a kind and an op in each case", found: "a case without")
      }
      return ConformanceCase(
        name: name, kind: kind, op: op, features: fields["features"]?.texts ?? [],
        attributes: fields["attributes"]?.members ?? [:], fields: fields.members ?? [:], folder: folder)
    }
  }

  // MARK: Attributes
  //
  // A manifest comes from an external source: every value is validated before it reaches a kernel, because a stride of
  // −1 in a kernel would stop the whole program.

  /// Reads a finite number.
  func number(_ key: String, default value: Double? = nil) throws -> Double {
    if let number = attributes[key]?.number {
      guard number.isFinite else { throw Skip("attribute \(key): a finite number expected, got \(number)") }
      return number
    }
    guard let value else { throw Skip("attribute \(key) is missing") }
    return value
  }
  func float(_ key: String, default value: Double? = nil, in range: ClosedRange<Double>? = nil) throws -> Float {
    let number = try number(key, default: value)
    if let range, !range.contains(number) { throw Skip("attribute \(key): \(range) expected, got \(number)") }
    return Float(number)
  }
  /// Reads an integer in `range`; by default a size.
  func whole(_ key: String, default value: Int? = nil, in range: ClosedRange<Int> = 1...1 << 24) throws -> Int {
    try Self.whole(try number(key, default: value.map(Double.init)), key, range)
  }
  func flag(_ key: String, default value: Bool = false) -> Bool { attributes[key]?.flag ?? value }
  func text(_ key: String) -> String? { attributes[key]?.text }
  func numbers(_ key: String) -> [Double]? { attributes[key]?.numbers }
  /// Reads integers in `range`; nil if the attribute is missing.
  func wholes(_ key: String, count: Int? = nil, in range: ClosedRange<Int> = 1...1 << 24) throws -> [Int]? {
    guard let values = numbers(key) else {
      if attributes[key] == nil { return nil }
      throw Skip("attribute \(key): a list of numbers expected, got \(attributes[key] ?? "")")
    }
    if let count, values.count != count {
      throw Skip("attribute \(key): \(count) numbers expected, got \(values.count)")
    }
    return try values.map { try Self.whole($0, key, range) }
  }
  /// Reads a height and a width; a single number is a square.
  func extent(_ key: String, default value: Extent? = nil) throws -> Extent {
    if attributes[key]?.number != nil { return Extent(try whole(key)) }
    if let sides = try wholes(key, count: 2) { return Extent(sides[0], sides[1]) }
    guard let value else { throw Skip("attribute \(key) is missing") }
    return value
  }

  private static func whole(_ number: Double, _ key: String, _ range: ClosedRange<Int>) throws -> Int {
    guard let whole = Int(exactly: number), range.contains(whole) else {
      throw Skip("attribute \(key): a whole number in \(range) expected, got \(number)")
    }
    return whole
  }

  /// Reads a list of names, or the keys of a map.
  func names(_ key: String) -> [String] { fields[key]?.texts ?? [] }
  func map(_ key: String) -> [String: String] { fields[key]?.map ?? [:] }

  // MARK: Tensors

  /// Opens the tensor file of the case.
  func tensors(_ key: String = "file") throws -> Safetensors {
    guard let file = fields[key]?.text else { throw Skip("the case names no \(key)") }
    return try Safetensors(path: folder + "/" + file)
  }

  // MARK: Comparison

  /// Throws unless every element is within the tolerance of the case.
  func expect(
    _ got: Tensor, _ expected: Tensor, called name: String, sameShape: Bool = true, tolerance key: String? = nil,
    group: String? = nil
  ) throws {
    if sameShape && got.shape != expected.shape {
      throw Mismatch("\(name): expected shape \(expected.shape), got \(got.shape)")
    }
    try expect(
      got.elements.map(Double.init), expected.elements.map(Double.init), called: name, tolerance: key, group: group)
  }

  /// Throws unless every number is within the tolerance of the case: |got − expected| ≤ atol + rtol·|expected|.
  func expect(
    _ got: [Double], _ expected: [Double], called name: String, tolerance key: String? = nil, group: String? = nil
  ) throws {
    guard got.count == expected.count else {
      throw Mismatch("\(name): expected \(expected.count) numbers, got \(got.count)")
    }
    let all = fields["tolerance"]
    let tolerance = group.flatMap { all?[$0] } ?? all
    let relative = tolerance?["rtol"]?.number ?? 1e-4
    let own = tolerance?["atol_by_tensor"]?[key ?? name]?.number
    let absolute = own ?? tolerance?["atol"]?.number ?? 1e-6
    var worst: (excess: Double, index: Int)?
    for (index, pair) in zip(got, expected).enumerated() {
      if pair.0 == pair.1 || (pair.0.isNaN && pair.1.isNaN) { continue }
      let excess = abs(pair.0 - pair.1) - absolute - relative * abs(pair.1)
      if !(excess <= 0) && !(excess <= worst?.excess ?? 0) { worst = (excess, index) }
    }
    if let worst {
      throw Mismatch(
        "\(name)[\(worst.index)]: expected \(expected[worst.index]), got \(got[worst.index])"
          + (got.count > 1 ? ", the worst of \(got.count)" : ""))
    }
  }
}

extension JSONValue {
  /// The text values by name.
  var map: [String: String]? { members?.compactMapValues(\.text) }
}
