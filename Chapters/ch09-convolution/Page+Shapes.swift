// The sections of chapter 9 about walking through shapes.

import Foundation
import Workbook

extension SlidingWindow {
  /// LeNet-5 and AlexNet, layer by layer.
  static func addShapeWalks(to page: inout Page, _ findings: Findings) {
    page.prose(
      """
      ## Walking through the shapes

      LeNet-5 (LeCun et al. 1998; chapter 10) reads digits. It has two convolutions (conv1 and conv2), a pooling \
      after each, and three dense layers (fc1 to fc3, for *fully connected*):
      """)
    let lenetWalk = findings.lenet
    func walkTable(_ caption: String, _ steps: [WalkStep]) -> Table {
      Table(
        caption, columns: ["name", "layer", "calculation", "output", "parameters", "sees"],
        rows: steps.map { step in
          [
            TableCell(step.name), TableCell(step.layer), TableCell(step.arithmetic), TableCell("\(step.output)"),
            step.parameters > 0 ? TableCell(step.parameters) : "–",
            TableCell(step.receptiveField.map { "\($0)×\($0)" } ?? "all"),
          ]
        })
    }
    let volumes = lenetWalk.filter { $0.output.count == 3 || $0.parameters > 0 }
    page.figure(
      Figure(
        "The image shrinks from \(LeNet5.inputShape[1]) to \(volumes.last { $0.output.count == 3 }?.output[1] ?? 0) pixels while the channels grow from 1 to \(volumes.compactMap { $0.output.count == 3 ? $0.output[0] : nil }.max() ?? 0)",
        .diagram(
          Diagram(
            ([("input", LeNet5.inputShape.dimensions)] + volumes.map { ($0.name, $0.output) }).enumerated().map {
              index, step in
              let (name, shape) = step
              let height = shape.count == 3 ? 1.25 * Double(shape[1]) / 32 : 0.6 * Double(shape[0]) / 120
              let width = shape.count == 3 ? 0.1 * Double(shape[0]).squareRoot() : 0.06
              return Diagram.Node(
                name, x: Double(index) * 1.1, y: 0,
                detail: shape.count == 3 ? "\(shape[0])×\(shape[1])×\(shape[2])" : "\(shape[0])", form: .volume,
                size: (width, height), color: name.hasPrefix("conv") ? 0 : name.hasPrefix("pool") ? 2 : 1)
            }, edges: volumes.indices.map { Diagram.Edge($0, $0 + 1) })),
        caption: """
          LeNet-5: channels × height × width for the maps, the number of outputs for the dense layers.
          """, name: "lenet-shapes",
        isWide: true))
    page.prose(
      """
      In PyTorch, with ReLU and max pooling:

      ```python
      lenet = nn.Sequential(                     # x: [N, 1, 32, 32]
          nn.Conv2d(1, 6, 5), nn.ReLU(),         # [N, 6, 28, 28]
          nn.MaxPool2d(2),                       # [N, 6, 14, 14]
          nn.Conv2d(6, 16, 5), nn.ReLU(),        # [N, 16, 10, 10]
          nn.MaxPool2d(2),                       # [N, 16, 5, 5]
          nn.Flatten(),                          # [N, 400] = 16 · 5 · 5
          nn.Linear(400, 120), nn.ReLU(),        # [N, 120]
          nn.Linear(120, 84), nn.ReLU(),         # [N, 84]
          nn.Linear(84, 10))                     # [N, 10]
      ```python
      """)
    page.fold("LeNet-5, layer by layer") { page in
      page.table(walkTable("LeNet-5", lenetWalk))
      page.prose(
        """
        The poolings of this table take means, as in 1998. S3 has a tanh after each pooling, as the paper has a sigmoidal function \
        there, and a softmax at the end, where the paper measures distances.
        """)
    }
    page.callout(
      .mistake,
      """
      AlexNet (chapter 11) has kernels of 11×11, 5×5 and 3×3. Its paper gives the image size as 224×224. But $(224 - 11)/4 = \(fixed(Double(224 - 11) / 4, 2))$ is not \
      a whole number, and the window has \(outputSize(224, kernel: 11, stride: 4)) positions, not the 55 that the paper gives. With \
      227, as S3 has it from a lecture, the numbers agree; its NORM1 and NORM2 are local response normalization. PyTorch's AlexNet takes 224×224, because its first layer has a padding \
      of 2.
      """)
  }

  /// What people get wrong.
  static func addMistakes(to page: inout Page) {
    let (cards, others) = (
      ShapeMistake.shown,
      ShapeMistake.all.filter { mistake in !ShapeMistake.shown.contains { $0.name == mistake.name } }
    )
    page.prose(
      """
      ## The classic mistakes

      Each line below is wrong. At which layer does the model stop? Each card has PyTorch's message for a batch of 64 and the \
      remedy.
      """)
    for (index, mistake) in cards.enumerated() {
      page.fold("\(index + 1). \(mistake.name)") {
        $0.prose(
          """
          ```python
          \(mistake.torch.line)
          ```

          ```text
          \(wrapped(mistake.torch.message, at: 72))
          ```

          \(mistake.torch.mend)
          """)
      }
    }
    page.fold("\(others.count) more, in PyTorch, in a line each") { page in
      page.prose(
        others.map { "- *\($0.name)*: `\($0.torch.line)`: “\($0.torch.message)”. \($0.torch.mend)" }
          .joined(separator: "\n"))
    }
    if let first = cards.first {
      page.slide(
        "A wrong shape: the error names cause and cure",
        """
        ```text
        \(wrapped(first.message, at: 46))
        ```

        \(first.torch.mend)
        """, notes: "The page has \(cards.count) such cards. Let each row of seats take one.")
    }
  }
}
