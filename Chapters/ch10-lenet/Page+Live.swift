// The page of chapter 10: the networks that run in the reader's browser.

import Workbook

extension LeNet {
  /// A digit is drawn and read; LeNet-5 learns while one watches.
  static func addLive(to page: inout Page) {
    page.prose(
      """
      ## Try it: draw a digit

      A network reads only what looks like its training set. So the drawing is prepared as MNIST's makers prepared theirs: \
      scaled into a box of 20×20 pixels, its proportions kept, then moved until its centre of mass lies in the middle of \
      28×28.
      """)
    if let model = recordedModel() {
      page.live(
        "digit", "Draw a digit: LeNet-5++ reads it at every stroke",
        caption: """
          Move the pointer over a map: the frame shows what that pixel sees, 5×5 of the picture for the six maps, 14×14 for \
          the sixteen. *Change* looks for the smallest change of the picture that makes it another digit. The weights are \
          those of the recorded run, rounded to 8 bits so that the page stays small: 255 steps for each filter and each \
          unit. Of MNIST's 10,000 test digits that changes the answer to fewer than one in a thousand.
          """,
        figure: "feature-maps", settings: ["digit": 7, "wanted": 1], numbers: rounded(model))
    }
    page.live(
      "lenet", "Let LeNet-5 learn: the loss falls, and the filters take shape",
      caption: """
        The digits are drawn by the program, so that the page need not carry any; they are easier than MNIST's. What if the \
        rate is doubled? What without batch normalization, or with a batch of eight?
        """,
      figure: "kernels",
      settings: [
        "rate": -1.3, "momentum": 0.9, "batch": 32, "digits": 2000, "normalized": 1, "seed": 1, "speed": 4,
      ])
  }

  /// LeNet-5++ with the weights of the recorded run; nil where there are none.
  static func recordedModel() -> Model? {
    let path = Checkout.root.appendingPathComponent("Chapters/ch10-lenet/lenet5plusplus.safetensors").path
    guard var model = try? Model(LeNet5.plusPlus.layers, input: LeNet5.inputShape, seed: 0),
      (try? model.load(contentsOf: path)) != nil
    else { return nil }
    return model
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
