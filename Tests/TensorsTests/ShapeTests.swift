// Shapes of any rank, and what readers do with a tensor.

import Tensors
import Testing

@Suite struct ShapeTests {
  @Test("a shape gives back its extents, whatever their number and however it was written", arguments: 0...7)
  func extents(rank: Int) {
    let extents = Array(2..<2 + rank)
    let shape = Shape(extents)
    #expect(shape.rank == rank && shape.dimensions == extents && shape.count == extents.reduce(1, *))
    #expect((0..<rank).map { shape[$0] } == extents)
    #expect(shape.positions == extents.dropFirst(2).reduce(1, *))
    // A batch is one axis more, and its sample the shape again.
    #expect(shape.batched(9).dimensions == [9] + extents)
    #expect(shape.batched(9).withoutBatch == shape)
    #expect(shape.withoutBatch.dimensions == Array(extents.dropFirst()))
  }

  @Test("literals and separate extents are the same shape; ones at the end are axes too")
  func equality() {
    let two: Shape = [2, 3]
    let three: Shape = [2, 3, 1]
    #expect(two == Shape(2, 3) && three == Shape(2, 3, 1) && Shape(4, 3, 2, 1) == [4, 3, 2, 1])
    #expect(two != three && three.count == two.count)
    #expect(Set([two, three, Shape([2, 3])]).count == 2)
    #expect("\(three)" == "[2, 3, 1]" && "\(Shape([]))" == "[]")
  }

  @Test("a negative extent and an axis too many stop the program with both numbers")
  func refusals() async {
    let negative = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = Shape(2, -1) }
    var text = String(decoding: negative?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("got [2, -1]"), "\(text)")
    let axis = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = Shape(2, 3)[2] }
    text = String(decoding: axis?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("Shape: [2, 3] has no axis 2"), "\(text)")
  }

  @Test("a mapped tensor keeps its shape, and the original its numbers")
  func map() {
    let x = Tensor([2, 2], [-1, 0, 1, 2])
    #expect(x.map { max(0, $0) } == Tensor([2, 2], [0, 0, 1, 2]))
    #expect(x.elements[0] == -1 && Tensor(zeros: [2, 2]) == Tensor([2, 2], repeating: 0))
  }
}
