// Chapter 1: walking downhill.

GradientDescent.main()
