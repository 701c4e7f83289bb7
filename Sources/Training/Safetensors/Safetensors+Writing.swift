// Writes safetensors files atomically.

import Basics
import Tensors

/// A tensor to be written to a file.
public enum StoredTensor: Hashable, Sendable {
  /// Written as F32, bit for bit.
  case floats(Tensor)
  /// Written as I64: counters, class labels.
  case integers(Shape, [Int])

  /// Its shape.
  public var shape: Shape {
    switch self {
    case .floats(let tensor): tensor.shape
    case .integers(let shape, _): shape
    }
  }

  var type: ElementType {
    switch self {
    case .floats: .float32
    case .integers: .int64
    }
  }
}

extension Safetensors {
  /// Writes tensors as F32.
  ///
  /// - Throws: ``SafetensorsError``; a previous file is then unchanged.
  public static func write(
    _ tensors: [String: Tensor], metadata: [String: String] = [:], to path: String
  ) throws {
    try write(tensors.mapValues(StoredTensor.floats), metadata: metadata, to: path)
  }

  /// Writes tensors to a file, atomically.
  ///
  /// All data are written to a new file in the same folder, which replaces the old one only when it has been written to
  /// disk completely. If the process is killed while writing, the old file is unchanged.
  /// The same tensors always give the same bytes: they are ordered by element size, largest first, which keeps every
  /// tensor aligned, and then by name.
  ///
  /// - Throws: ``SafetensorsError``; a previous file is then unchanged.
  public static func write(
    _ tensors: [String: StoredTensor], metadata: [String: String] = [:], to path: String
  ) throws {
    let ordered = tensors.sorted { ($1.value.type.size, $0.key) < ($0.value.type.size, $1.key) }
    var header = "{"
    if !metadata.isEmpty {
      let notes = metadata.sorted { $0.key < $1.key }.map { json($0.key) + ":" + json($0.value) }
      header += "\"__metadata__\":{" + notes.joined(separator: ",") + "}"
    }
    var offset = 0
    for (name, tensor) in ordered {
      demand(name != "__metadata__", "Safetensors: a tensor must not be named __metadata__")
      let end = offset + tensor.shape.count * tensor.type.size
      let shape = tensor.shape.dimensions.map(String.init).joined(separator: ",")
      if header.utf8.count > 1 { header += "," }
      header += "\(json(name)):{\"dtype\":\"\(tensor.type.rawValue)\",\"shape\":[\(shape)],"
      header += "\"data_offsets\":[\(offset),\(end)]}"
      offset = end
    }
    header += "}"
    // Spaces align the data to a multiple of 8 bytes.
    header += String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)

    do {
      let file = try AtomicFile(path: path)
      var length = UInt64(header.utf8.count).littleEndian
      try withUnsafeBytes(of: &length) { bytes in try file.write(bytes) }
      let text = Array(header.utf8)
      try text.withUnsafeBytes { bytes in try file.write(bytes) }
      for (_, tensor) in ordered {
        switch tensor {
        case .floats(let tensor):
          try tensor.withUnsafeElements { elements in
            #if _endian(little)
            try file.write(UnsafeRawBufferPointer(elements))
            #else
            let swapped = elements.map { $0.bitPattern.littleEndian }
            try swapped.withUnsafeBytes { bytes in try file.write(bytes) }
            #endif
          }
        case .integers(let shape, let numbers):
          demand(
            numbers.count == shape.count,
            "Safetensors: shape \(shape) holds \(shape.count) numbers, got \(numbers.count)"
          )
          let words = numbers.map { Int64($0).littleEndian }
          try words.withUnsafeBytes { bytes in try file.write(bytes) }
        }
      }
      try file.commit()
    } catch let error as FileError {
      throw SafetensorsError(error)
    }
  }

  /// A string as JSON.
  private static func json(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
