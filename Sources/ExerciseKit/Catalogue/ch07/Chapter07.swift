// The exercises of chapter 7, in order.

extension Catalogue {
  package static let chapter07: [any AnyExercise] = [ex07_1, ex07_2, ex07_3, ex07_4, ex07_5, ex07_6]
}
