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
    if let weights = recordedWeights() {
      page.live(
        "digit", "Draw a digit: LeNet-5++ reads it at every stroke",
        caption: """
          The weights are those of the recorded run, rounded to three digits. Move the pointer over a map: the frame shows \
          what that pixel sees, 5×5 of the picture for the six maps, 14×14 for the sixteen. *Change* looks for the smallest \
          change of the picture that makes it another digit.
          """,
        figure: "feature-maps", settings: ["digit": 7, "wanted": 1], numbers: weights)
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

  /// The weights of the recorded run, layer by layer, parameters before running statistics; nil where there are none.
  static func recordedWeights() -> [Float]? {
    let path = Checkout.root.appendingPathComponent("Chapters/ch10-lenet/lenet5plusplus.safetensors").path
    guard var model = try? Model(LeNet5.plusPlus.layers, input: LeNet5.inputShape, seed: 0),
      (try? model.load(contentsOf: path)) != nil
    else { return nil }
    return model.layers.entries.flatMap { entry in
      entry.layer.parameters.flatMap(\.parameter.value.elements) + entry.layer.buffers.flatMap(\.value.elements)
    }
  }
}
