// The element types of safetensors files.

/// The storage type of the elements of a tensor in a safetensors file.
public enum ElementType: String, Hashable, Sendable, CaseIterable {
  /// Double precision.
  case float64 = "F64"
  /// Signed integers of 8 bytes: counters, labels.
  case int64 = "I64"
  /// Single precision, the type of all tensors here.
  case float32 = "F32"
  /// Signed integers of 4 bytes.
  case int32 = "I32"
  /// Half precision, IEEE 754.
  case float16 = "F16"
  /// The upper half of a single-precision number.
  case bfloat16 = "BF16"
  /// Signed integers of 2 bytes.
  case int16 = "I16"
  /// Signed integers of 1 byte.
  case int8 = "I8"
  /// Unsigned integers of 1 byte.
  case uint8 = "U8"
  /// One byte, 0 or 1.
  case bool = "BOOL"

  /// The size of one element in bytes.
  public var size: Int {
    switch self {
    case .float64, .int64: 8
    case .float32, .int32: 4
    case .float16, .bfloat16, .int16: 2
    case .int8, .uint8, .bool: 1
    }
  }
}

/// The value of an IEEE half-precision number: 1 sign bit, 5 exponent bits with bias 15, 10 fraction bits.
///
/// Implemented here because `Float16` does not exist on every platform that Swift supports.
func float(fromHalf bits: UInt16) -> Float {
  let sign = UInt32(bits & 0x8000) << 16
  let exponent = UInt32(bits >> 10) & 0x1F
  let fraction = UInt32(bits) & 0x3FF
  switch exponent {
  case 0:
    // Zero and subnormals: fraction · 2⁻²⁴, exact in Float.
    let magnitude = Float(fraction) * 0x1p-24
    return sign == 0 ? magnitude : -magnitude
  case 0x1F:
    return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
  default:
    return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
  }
}

/// The value of a bfloat16 number: the upper half of a Float.
func float(fromBrain bits: UInt16) -> Float { Float(bitPattern: UInt32(bits) << 16) }
