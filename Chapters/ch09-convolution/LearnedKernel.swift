// A kernel that gradient descent finds: from one image, and the map of its edges as the target.

import Foundation
import Workbook

/// Nine weights that start at 0 and descend along the gradient of the mean squared error between their map and that of
/// another kernel.
struct LearnedKernel {
  static let steps = [0, 1, 3, 10, 30, 100, 300, 1000]
  /// The kernel after each of these numbers of steps.
  private(set) var kernels: [[[Double]]] = []

  /// Both kernels are 3×3.
  init(image: [[Double]], target: [[Double]]) {
    let (rows, columns) = (image.count - 2, image[0].count - 2)
    let wanted = target.flatMap { $0 }
    // The mean of the products of two pixels under the window: the gradient at w is twice this times w − wanted.
    var products = [[Double]](repeating: [Double](repeating: 0, count: 9), count: 9)
    for i in 0..<rows {
      for j in 0..<columns {
        let pixels = (0..<9).map { image[i + $0 / 3][j + $0 % 3] }
        for a in 0..<9 where pixels[a] != 0 {
          for b in 0..<9 { products[a][b] += pixels[a] * pixels[b] / Double(rows * columns) }
        }
      }
    }
    var weights = [Double](repeating: 0, count: 9)
    for step in 0...(Self.steps.last ?? 0) {
      if Self.steps.contains(step) { kernels.append((0..<3).map { Array(weights[3 * $0..<3 * $0 + 3]) }) }
      let misses = zip(weights, wanted).map { $0 - $1 }
      for a in 0..<9 { weights[a] -= 2 * zip(products[a], misses).reduce(0) { $0 + $1.0 * $1.1 } }
    }
  }

  /// Whether the last kernel is the wanted one to two digits.
  func finds(_ target: [[Double]]) -> Bool {
    zip(kernels.last?.joined().map { $0 } ?? [], target.joined()).allSatisfy { abs($0 - $1) < 0.005 }
  }
}

extension SlidingWindow {
  /// Nine zeros become a kernel that finds edges.
  static func addLearnedKernel(to page: inout Page, _ findings: Findings) {
    let (digit, sobel) = (findings.example, Slide.kernel)
    let learned = LearnedKernel(image: digit, target: sobel)
    guard learned.finds(sobel) else { return }
    page.prose(
      """
      ### A kernel that is learned

      The kernels above were written by hand. A net finds its own, by this gradient. Give it the digit and, as the \
      target, the map of its left edges, and start with nine zeros:

      ```python
      x = digit.view(1, 1, 28, 28)                   # MNIST's first test digit, from 0 to 1
      sobel = torch.tensor([[-1., 0, 1], [-2, 0, 2], [-1, 0, 1]]).view(1, 1, 3, 3)
      target = F.conv2d(x, sobel)                    # its left edges
      w = torch.zeros(1, 1, 3, 3, requires_grad=True)
      for step in range(1000):
          F.mse_loss(F.conv2d(x, w), target).backward()
          with torch.no_grad():
              w -= 1.0 * w.grad                      # the learning rate is 1
          w.grad = None
      print(w.detach().numpy().round(2)[0, 0] + 0)   # + 0: no −0
      ```

      ```text
      [[-1.  0.  1.]
       [-2.  0.  2.]
       [-1.  0.  1.]]
      ```
      """)
    func place(_ step: Double) -> Int { LearnedKernel.steps.firstIndex(of: Int(step)) ?? 0 }
    page.figure(
      Figure(
        "Nine zeros become Sobel's kernel, because its map is the target",
        exploring: FigureParameter("steps", values: LearnedKernel.steps.map(Double.init), initial: 3),
        caption: "The first test digit (\(findings.data)). Orange is above 0, blue below 0.",
        name: "learned-kernel",
        titles: { step in
          let rows = learned.kernels[place(step)].map { $0.map { fixed($0, 2) }.joined(separator: " ") }
          return "After \(counted(Int(step), "step")) the kernel has the rows \(rows.joined(separator: ", "))"
        }
      ) { step in
        let kernel = learned.kernels[place(step)]
        var pictures = ImageGrid(
          columns: 3,
          [
            picture(kernel, "the kernel"), picture(correlate(digit, with: kernel), "its map"),
            picture(correlate(digit, with: sobel), "the target"),
          ], isSigned: true)
        pictures.signedLimit = 2
        return .images(pictures)
      })
    page.project("Nine zeros learn to find edges", notes: "Nobody wrote the kernel: only its map was the target.")
    page.prose(
      """
      For one map, at a rate this small, and with a digit whose windows differ, it must: the loss is a bowl over nine weights. In \
      a net nobody gives a target for a map: the gradient comes from the loss, through all later layers. Chapter 10 shows the six \
      kernels that LeNet learns in this way (*Inside one net*).
      """)
  }
}
