// Reads safetensors files: weights, checkpoints, reference results.

import Tensors

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A safetensors file, opened and verified; tensors are read on demand.
///
/// The format: the length of the header in 8 bytes, little-endian; the header in JSON, which maps each name to
/// `{"dtype":"F32","shape":[6,1,5,5],"data_offsets":[0,600]}`; then the elements, row-major, one tensor after the other.
///
///     let file = try Safetensors(path: "lenet5.safetensors")
///     let weight = try file.tensor("conv1.weight")       // [6, 1, 5, 5]
///
/// Opening a file reads only its header, and rejects every malformed file: a truncated file; a header that is too long,
/// is not JSON, or names a tensor twice; tensors that overlap, leave gaps or exceed the file; sizes that overflow.
/// Memory use is limited to a small multiple of the file's size, whatever the header claims.
///
/// - Source: the format's description, https://github.com/huggingface/safetensors.
public struct Safetensors: Sendable {
  /// The description of one tensor in the header.
  public struct Entry: Hashable, Sendable {
    /// The name: `conv1.weight`.
    public var name: String
    /// The storage type of its elements.
    public var type: ElementType
    /// Its shape.
    public var shape: Shape
  }

  /// The treatment of NaN and infinity.
  public enum NonFinite: Hashable, Sendable {
    /// Reject the tensor: trained weights are never NaN, and a single NaN makes every output invalid.
    case refused
    /// Accept them.
    case allowed
  }

  /// The file.
  public let path: String
  /// The tensors in the order of their data in the file.
  public let entries: [Entry]
  /// The metadata in the file.
  public let metadata: [String: String]

  /// The longest header that any reader of the format accepts.
  static let longestHeader = 100_000_000

  private let descriptor: Descriptor
  private let places: [String: Int]
  private let ranges: [Range<Int>]
  private let dataStart: Int

  /// Opens a file and verifies its header.
  ///
  /// - Throws: ``SafetensorsError``.
  public init(path: String) throws {
    let descriptor = try Descriptor(path: path)
    let size = descriptor.size
    guard size >= 8 else {
      throw SafetensorsError(path, expected: "a safetensors file of at least 8 bytes", found: "\(size)")
    }
    var length: UInt64 = 0
    try withUnsafeMutableBytes(of: &length) { buffer in
      try descriptor.read(into: buffer, at: 0)
    }
    length = UInt64(littleEndian: length)
    let longest = min(size - 8, Self.longestHeader)
    guard length <= UInt64(longest) else {
      throw SafetensorsError(
        path, expected: "a safetensors file with a header of at most \(longest) bytes",
        found: "a header length of \(length) (truncated, or another format)")
    }
    var json = [UInt8](repeating: 0, count: Int(length))
    try json.withUnsafeMutableBytes { buffer in
      try descriptor.read(into: buffer, at: 8)
    }
    let header = try SafetensorsHeader(json: json, dataCount: size - 8 - json.count, path: path)
    self.path = path
    self.descriptor = descriptor
    self.dataStart = 8 + json.count
    self.metadata = header.metadata
    self.entries = header.entries.map { Entry(name: $0.name, type: $0.type, shape: $0.shape) }
    self.ranges = header.entries.map(\.bytes)
    self.places = Dictionary(uniqueKeysWithValues: header.entries.enumerated().map { ($1.name, $0) })
  }

  /// The names of the tensors in the order of their data in the file.
  public var names: [String] { entries.map(\.name) }

  /// The description of the tensor with the given name, or nil.
  public subscript(name: String) -> Entry? { places[name].map { entries[$0] } }

  /// Reads one tensor of any type as floats.
  ///
  /// F32 is read bit for bit, F16 and BF16 exactly. F64 and integers beyond 2²⁴ are rounded; ``integers(_:)`` reads
  /// integers exactly.
  ///
  /// - Parameters:
  ///   - name: the tensor's name.
  ///   - nonFinite: whether NaN and infinity are accepted.
  /// - Throws: ``SafetensorsError`` if there is no such tensor, or if it contains NaN or infinity and these are
  ///   refused.
  public func tensor(_ name: String, nonFinite: NonFinite = .refused) throws -> Tensor {
    let place = try place(of: name)
    let (entry, range) = (entries[place], ranges[place])
    var tensor = Tensor(zeros: entry.shape)
    try tensor.withUnsafeMutableElements { elements in
      switch entry.type {
      case .float32:
        // On a little-endian machine the bytes of the file are the floats; on others the loop swaps them.
        try descriptor.read(into: UnsafeMutableRawBufferPointer(elements), at: dataStart + range.lowerBound)
        for i in elements.indices { elements[i] = Float(bitPattern: UInt32(littleEndian: elements[i].bitPattern)) }
      case .float64: try convert(range, UInt64.self) { elements[$0] = Float(Double(bitPattern: $1)) }
      case .float16: try convert(range, UInt16.self) { elements[$0] = float(fromHalf: $1) }
      case .bfloat16: try convert(range, UInt16.self) { elements[$0] = float(fromBrain: $1) }
      case .int64: try convert(range, Int64.self) { elements[$0] = Float($1) }
      case .int32: try convert(range, Int32.self) { elements[$0] = Float($1) }
      case .int16: try convert(range, Int16.self) { elements[$0] = Float($1) }
      case .int8: try convert(range, Int8.self) { elements[$0] = Float($1) }
      case .uint8, .bool: try convert(range, UInt8.self) { elements[$0] = Float($1) }
      }
      if nonFinite == .refused, let bad = elements.firstIndex(where: { !$0.isFinite }) {
        throw SafetensorsError(
          path, expected: "finite numbers in tensor \(quoted(name))", found: "\(elements[bad]) at element \(bad)")
      }
    }
    return tensor
  }

  /// Reads one tensor of integers exactly: class labels, counters.
  ///
  /// - Throws: ``SafetensorsError`` if there is no such tensor, or if its type is not an integer type.
  public func integers(_ name: String) throws -> [Int] {
    let place = try place(of: name)
    let (entry, range) = (entries[place], ranges[place])
    var result = [Int](repeating: 0, count: entry.shape.count)
    switch entry.type {
    case .int64: try convert(range, Int64.self) { result[$0] = Int($1) }
    case .int32: try convert(range, Int32.self) { result[$0] = Int($1) }
    case .int16: try convert(range, Int16.self) { result[$0] = Int($1) }
    case .int8: try convert(range, Int8.self) { result[$0] = Int($1) }
    case .uint8, .bool: try convert(range, UInt8.self) { result[$0] = Int($1) }
    case .float64, .float32, .float16, .bfloat16:
      throw SafetensorsError(
        path, expected: "integers in tensor \(quoted(name))", found: "type \(entry.type.rawValue)")
    }
    return result
  }

  private func place(of name: String) throws(SafetensorsError) -> Int {
    if let place = places[name] { return place }
    throw SafetensorsError(
      path, expected: "a tensor \(quoted(name))",
      found: entries.isEmpty ? "no tensors" : "\(entries.count) others, such as \(quoted(entries[0].name))")
  }

  /// Reads the elements of one stored type, piece by piece, and passes each to `take` with its index.
  private func convert<Stored: FixedWidthInteger>(
    _ range: Range<Int>, _: Stored.Type, _ take: (Int, Stored) -> Void
  ) throws {
    let size = MemoryLayout<Stored>.size
    let total = range.count / size
    var piece = [Stored](repeating: 0, count: min(total, 1 << 16))
    var done = 0
    while done < total {
      let count = min(piece.count, total - done)
      try piece.withUnsafeMutableBytes { buffer in
        try descriptor.read(
          into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<(count * size)]),
          at: dataStart + range.lowerBound + done * size)
      }
      for i in 0..<count { take(done + i, Stored(littleEndian: piece[i])) }
      done += count
    }
  }
}

/// An open file, closed when the last copy of its owner is destroyed.
private final class Descriptor: Sendable {
  let path: String
  let number: Int32
  let size: Int

  init(path: String) throws {
    // Checked before opening: opening a named pipe would wait for a writer.
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw SafetensorsError(path, expected: "a safetensors file", found: String(cString: strerror(errno)).lowercased())
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      let kind = status.st_mode & S_IFMT == S_IFDIR ? "a folder" : "something that is not a file"
      throw SafetensorsError(path, expected: "a safetensors file", found: kind)
    }
    let number = open(path, O_RDONLY | O_CLOEXEC)
    guard number >= 0 else {
      throw SafetensorsError(
        path, expected: "a file that can be read", found: String(cString: strerror(errno)).lowercased())
    }
    self.path = path
    self.number = number
    self.size = Int(status.st_size)
  }

  deinit { close(number) }

  /// Fills `buffer` with the bytes starting at `offset`.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(SafetensorsError) {
    var done = 0
    while done < buffer.count {
      guard let start = buffer.baseAddress else { return }
      let count = pread(number, start + done, buffer.count - done, off_t(offset + done))
      if count > 0 {
        done += count
      } else if count == 0 {
        throw SafetensorsError(
          path, expected: "\(size) bytes, as when it was opened", found: "the end of the file at \(offset + done)")
      } else if errno != EINTR {
        throw SafetensorsError(
          path, expected: "a file that can be read", found: String(cString: strerror(errno)).lowercased())
      }
    }
  }
}
