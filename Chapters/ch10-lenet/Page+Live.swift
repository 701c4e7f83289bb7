// The page of chapter 10: the networks that run in the reader's browser.

import Workbook

extension LeNet {
  /// A digit is drawn and read.
  static func addDrawing(to page: inout Page) {
    guard let model = recordedModel() else { return }
    page.prose(
      """
      ## Try it: draw a digit

      This is *\(Steps.Net.normed.name)*, trained. A net can only read what looks like its training set. So your drawing is prepared as the \
      makers of MNIST prepared theirs: scaled to fit into 20×20 pixels, and moved until its centre of mass is the middle of 28×28.
      """)
    page.live(
      "digit", "Draw a digit: the net reads it at every stroke",
      caption: """
        Move the pointer over a map. The frame shows the part of the picture that this pixel sees: 5×5 pixels for the six \
        maps, 14×14 for the sixteen. *Change* looks for a small change that makes the picture another digit. In these pictures ink is dark, in \
        the figures below it is light. The weights are those of the recorded run, rounded to 8 bits to keep \
        the page small. The rounding changes the answer to fewer than one in a thousand of MNIST's test digits.
        """,
      figure: "feature-maps", settings: ["digit": 7, "wanted": 1], numbers: rounded(model) + noLastNorm)
  }

  /// LeNet-5 learns while one watches.
  static func addLearning(to page: inout Page) {
    page.live(
      "lenet", "Let LeNet-5 learn: the loss falls, and the filters take shape",
      caption: """
        The program draws these digits itself, so that the page stays small; they are easier than MNIST's.
        """,
      figure: "kernels",
      settings: [
        "rate": -1.3, "momentum": 0.9, "batch": 32, "digits": 2000, "normalized": 1, "seed": 1, "speed": 4,
      ])
  }

  /// The net of the first listing with the weights of the recorded run; nil where there are none.
  static func recordedModel() -> Model? {
    let path = Checkout.root.appendingPathComponent("Chapters/ch10-lenet/\(weights)").path
    guard var model = try? Model(Recipe.normed.layers, input: LeNet5.inputShape, seed: 0),
      (try? model.load(contentsOf: path)) != nil
    else { return nil }
    return model
  }

  /// The file with its weights.
  static let weights = "relu-ce-bn.safetensors"

  /// The panel's net has batch normalization of the outputs, too; with γ = 1, β = 0, mean 0 and variance 1 it does nothing.
  static var noLastNorm: [RoundedRows] {
    [1, 0, 0, 1].map { rounded(Tensor(vector: Array(repeating: Float($0), count: 10))) }
  }

  /// A model's numbers as the panel takes them: layer by layer, parameters before running statistics.
  static func rounded(_ model: Model) -> [RoundedRows] {
    model.layers.entries.flatMap { entry in
      (entry.layer.parameters.map(\.parameter.value) + entry.layer.buffers.map(\.value)).map(rounded)
    }
  }

  /// Each filter and each unit's weights are a row; biases and what normalization keeps are rows of one number.
  static func rounded(_ tensor: Tensor) -> RoundedRows {
    RoundedRows(tensor.elements, width: tensor.shape.dimensions.dropFirst().reduce(1, *))
  }
}
