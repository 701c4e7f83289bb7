// The words for shapes that do not fit.

import Tensors

/// `16·5·5`.
func product(_ shape: Shape) -> String { shape.dimensions.map(String.init).joined(separator: "·") }

/// What is wrong with a sample that is not an image of so many channels; nil for any number.
///
/// - Parameter remedy: what to say where only the number of channels is wrong, given those that arrive.
func imageArithmetic(_ input: Shape, channels: Int?, remedy: (Int) -> String = { _ in "" }) -> String {
  switch input.rank {
  case 4: return "a sample has no batch axis: \(input.withoutBatch)"
  case 3:
    guard let channels, input[0] != channels else { return "" }
    if input[2] == channels {
      return "the channels stand last; here they come first: \([input[2], input[0], input[1]] as Shape)"
    }
    let advice = remedy(input[0])
    return
      "\(input[0]) \(input[0] == 1 ? "channel arrives" : "channels arrive"), \(channels) \(channels == 1 ? "is" : "are") expected"
      + (advice.isEmpty ? "" : ": " + advice)
  case 2 where channels == 1 || channels == nil:
    return "an image of one channel has an axis for it: \([1, input[0], input[1]] as Shape)"
  default: return "an image has three axes, channels first"
  }
}
