// The messages between the checker and the process in which an answer is called: numbers, and nothing else.

/// Arguments and results as bytes. The reader trusts no length, no kind and no depth.
package enum Wire: Equatable, Sendable {
  case flag(Bool)
  case integer(Int)
  case number(Double)
  case float(Float)
  case text(String)
  case integers([Int])
  case numbers([Double])
  case floats([Float])
  case tensor(shape: [Int], [Float])
  case list([Wire])

  /// The maximum size of one message in bytes: no exercise needs a tenth of it.
  package static let limit = 1 << 20

  // MARK: Writing

  /// Appends the value as bytes.
  package func write(to bytes: inout [UInt8]) {
    func put<Number: FixedWidthInteger>(_ number: Number) {
      withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }
    func begin(_ kind: UInt8, _ count: Int? = nil) {
      bytes.append(kind)
      if let count { put(UInt32(clamping: count)) }
    }
    switch self {
    case .flag(let value):
      begin(0)
      bytes.append(value ? 1 : 0)
    case .integer(let value):
      begin(1)
      put(Int64(value))
    case .number(let value):
      begin(2)
      put(value.bitPattern)
    case .float(let value):
      begin(3)
      put(value.bitPattern)
    case .text(let value):
      begin(4, value.utf8.count)
      bytes.append(contentsOf: value.utf8)
    case .integers(let values):
      begin(5, values.count)
      for value in values { put(Int64(value)) }
    case .numbers(let values):
      begin(6, values.count)
      for value in values { put(value.bitPattern) }
    case .floats(let values):
      begin(7, values.count)
      for value in values { put(value.bitPattern) }
    case .tensor(let shape, let values):
      begin(8, shape.count)
      for extent in shape { put(Int64(extent)) }
      for value in values { put(value.bitPattern) }
    case .list(let values):
      begin(9, values.count)
      for value in values { value.write(to: &bytes) }
    }
  }

  // MARK: Reading

  /// Reads one value that uses all the bytes; `nil` if they are anything else.
  package init?(_ bytes: some Collection<UInt8>) {
    var reader = Reader(rest: Array(bytes)[...])
    guard let value = reader.value(depth: 0), reader.rest.isEmpty else { return nil }
    self = value
  }

  private struct Reader {
    var rest: ArraySlice<UInt8>

    mutating func number<Number: FixedWidthInteger & BitwiseCopyable>(_: Number.Type = Number.self) -> Number? {
      let size = Number.bitWidth / 8
      guard rest.count >= size else { return nil }
      defer { rest = rest.dropFirst(size) }
      return Number(littleEndian: rest.withUnsafeBytes { $0.loadUnaligned(as: Number.self) })
    }

    /// Reads a number of elements, if there are enough bytes for them.
    mutating func numbers<Number: FixedWidthInteger & BitwiseCopyable, Value>(
      _ count: Int, of: Number.Type, _ value: (Number) -> Value
    ) -> [Value]? {
      guard count >= 0, count <= rest.count / (Number.bitWidth / 8) else { return nil }
      return (0..<count).compactMap { _ in number(Number.self).map(value) }
    }

    mutating func count() -> Int? { number(UInt32.self).map { Int($0) } }

    mutating func value(depth: Int) -> Wire? {
      guard depth < 16, let kind: UInt8 = number() else { return nil }
      switch kind {
      case 0: return number(UInt8.self).flatMap { $0 < 2 ? .flag($0 == 1) : nil }
      case 1: return number(Int64.self).map { .integer(Int($0)) }
      case 2: return number(UInt64.self).map { .number(Double(bitPattern: $0)) }
      case 3: return number(UInt32.self).map { .float(Float(bitPattern: $0)) }
      case 4:
        guard let count = count(), count <= rest.count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return .text(String(decoding: rest.prefix(count), as: UTF8.self))
      case 5: return count().flatMap { numbers($0, of: Int64.self) { Int($0) } }.map { .integers($0) }
      case 6: return count().flatMap { numbers($0, of: UInt64.self) { Double(bitPattern: $0) } }.map { .numbers($0) }
      case 7: return count().flatMap { numbers($0, of: UInt32.self) { Float(bitPattern: $0) } }.map { .floats($0) }
      case 8:
        guard let rank = count(), rank <= 8, let shape = numbers(rank, of: Int64.self, { Int($0) }),
          let size = Wire.size(of: shape), let values = numbers(size, of: UInt32.self, { Float(bitPattern: $0) })
        else { return nil }
        return .tensor(shape: shape, values)
      case 9:
        guard let count = count(), count <= rest.count else { return nil }
        var values: [Wire] = []
        for _ in 0..<count {
          guard let value = value(depth: depth + 1) else { return nil }
          values.append(value)
        }
        return .list(values)
      default: return nil
      }
    }
  }

  /// The product of the extents; `nil` if one is negative or there are more numbers than a message can hold.
  package static func size(of shape: [Int], limit: Int = limit) -> Int? {
    var size = 1
    for extent in shape {
      let (product, overflow) = size.multipliedReportingOverflow(by: extent)
      guard extent >= 0, !overflow, product <= limit else { return nil }
      size = product
    }
    return size
  }
}

/// A message: a mark, its kind, and the number of bytes that follow.
package struct Message: Equatable, Sendable {
  package enum Kind: UInt8, Sendable {
    /// To the answer: call the function with that index; the return value of a function argument.
    case call = 1, reply
    /// From the answer: it is loaded; its result; the error that it threw; it is still the stub; a call of a function
    /// argument.
    case ready = 16, result, threw, unsolved, callback, refused
  }
  package var kind: Kind
  package var index: UInt8
  package var wire: Wire

  package init(_ kind: Kind, index: UInt8 = 0, _ wire: Wire = .list([])) {
    self.kind = kind
    self.index = index
    self.wire = wire
  }

  private static let mark: UInt8 = 0xB7
  package static let headerSize = 7

  package var bytes: [UInt8] {
    var body: [UInt8] = []
    wire.write(to: &body)
    let count = UInt32(clamping: body.count)
    return [Self.mark, kind.rawValue, index] + (0..<4).map { UInt8(truncatingIfNeeded: count >> ($0 * 8)) } + body
  }

  /// The result of looking for a message at the beginning of some bytes.
  package enum Beginning: Equatable {
    /// A message, and the number of bytes it uses.
    case message(Message, size: Int)
    /// An incomplete message so far.
    case incomplete
    /// Not a message.
    case nonsense
    /// A message that announces more bytes than ``Wire/limit``.
    case tooLarge
  }

  /// Looks for a message at the beginning of `bytes`.
  package static func beginning(of bytes: [UInt8]) -> Beginning {
    guard let first = bytes.first else { return .incomplete }
    guard first == mark else { return .nonsense }
    guard bytes.count > 1 else { return .incomplete }
    guard let kind = Kind(rawValue: bytes[1]) else { return .nonsense }
    guard bytes.count >= headerSize else { return .incomplete }
    let count = (0..<4).reduce(0) { $0 | Int(bytes[3 + $1]) << ($1 * 8) }
    guard count <= Wire.limit else { return .tooLarge }
    guard bytes.count >= headerSize + count else { return .incomplete }
    guard let wire = Wire(bytes[headerSize..<headerSize + count]) else { return .nonsense }
    return .message(Message(kind, index: bytes[2], wire), size: headerSize + count)
  }
}
