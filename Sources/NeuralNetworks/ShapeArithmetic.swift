// The texts for shapes that do not fit.

import Tensors

/// `16·5·5`.
func product(_ shape: Shape) -> String { shape.dimensions.map(String.init).joined(separator: "·") }

/// Explains why a sample is not an image with the given number of channels.
///
/// - Parameters:
///   - input: the shape of the sample.
///   - channels: the expected number of channels; nil for any number.
///   - remedy: the advice if only the number of channels is wrong; its argument is the number in the input.
func imageArithmetic(_ input: Shape, channels: Int?, remedy: (Int) -> String = { _ in "" }) -> String {
  switch input.rank {
  case 4: return "a sample has no batch axis: \(input.withoutBatch)"
  case 3:
    guard let channels, input[0] != channels else { return "" }
    if input[2] == channels {
      return "the channels are last, but must come first: \([input[2], input[0], input[1]] as Shape)"
    }
    let advice = remedy(input[0])
    return
      "the input has \(input[0]) \(input[0] == 1 ? "channel" : "channels"), "
      + "\(channels) \(channels == 1 ? "is" : "are") expected"
      + (advice.isEmpty ? "" : ": " + advice)
  case 2 where channels == 1 || channels == nil:
    return "an image with one channel still has a channel axis: \([1, input[0], input[1]] as Shape)"
  default: return "an image has three axes, channels first"
  }
}
