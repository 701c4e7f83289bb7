set encoding utf8
set terminal svg size 760,367 dynamic noenhanced font 'Inter,15' butt
unset key; set border 3 lc rgb '#8a8f98' lw 1.1
set tics nomirror out scale 0.6,0.3 textcolor rgb '#1d2024'
set style line 100 lc rgb '#b9bcc2' lw 0.88 dt (2,4)
set lmargin at screen 0.067105; set rmargin at screen 0.75566
set tmargin at screen 0.91008; set bmargin at screen 0.14441
set xrange [0.9:6.1]
set xtics offset 0,0.5 ('1' 1, '2' 2, '3' 3, '4' 4, '5' 5, '6' 6)
set yrange [0.0385560302635:1.0403560669]
set logscale y 10
set ytics ('0.05' 0.05, '0.1' 0.1, '0.2' 0.2, '0.5' 0.5, '1' 1, '' 0.04 1, '' 0.06 1, '' 0.07 1, '' 0.08 1, '' 0.09 1, '' 0.3 1, '' 0.4 1, '' 0.6 1, '' 0.7 1, '' 0.8 1, '' 0.9 1)
set grid ytics back ls 100
set label 1 'standard deviation of the activations' at screen 0.0026316, screen 0.96935 left front textcolor rgb '#1d2024'
set label 2 'layer' at screen 0.41138, screen 0.03406 center front textcolor rgb '#1d2024'
set label 3 'tanh, 0.05 (saturated)' at screen 0.77046, screen 0.88217 left front textcolor rgb '#a2527f'
set label 4 'ReLU, He' at screen 0.77046, screen 0.83231 left front textcolor rgb '#00704f' font 'Inter:Bold,15'
set label 5 'tanh, Xavier' at screen 0.77046, screen 0.61802 left front textcolor rgb '#0069a6' font 'Inter:Bold,15'
set label 6 'ReLU, Xavier' at screen 0.77046, screen 0.36818 left front textcolor rgb '#8a5f00'
set label 7 'tanh, 0.01' at screen 0.77046, screen 0.18543 left front textcolor rgb '#b34700'
$series1 << EOD
1 0.825
2 0.829
3 0.835
4 0.834
5 0.826
6 0.808
EOD
$series2 << EOD
1 0.872
2 0.853
3 0.849
4 0.849
5 0.85
6 0.85
EOD
$series3 << EOD
1 0.627
2 0.486
3 0.408
4 0.359
5 0.324
6 0.296
EOD
$series4 << EOD
1 0.581
2 0.408
3 0.285
4 0.202
5 0.14
6 0.101
EOD
$series5 << EOD
1 0.492
2 0.288
3 0.178
4 0.113
5 0.072
6 0.046
EOD
plot \
  $series1 using 1:2 with lines lc rgb '#009e73' lw 3.3 dt solid notitle, \
  $series1 using 1:2 with points lc rgb '#009e73' pt 5 ps 0.9 notitle, \
  $series2 using 1:2 with lines lc rgb '#cc79a7' lw 2.2 dt (12,4,3,4) notitle, \
  $series2 using 1:2 with points lc rgb '#cc79a7' pt 13 ps 0.72 notitle, \
  $series3 using 1:2 with lines lc rgb '#0072b2' lw 3.3 dt solid notitle, \
  $series3 using 1:2 with points lc rgb '#0072b2' pt 7 ps 0.9 notitle, \
  $series4 using 1:2 with lines lc rgb '#e69f00' lw 2.2 dt (20,6) notitle, \
  $series4 using 1:2 with points lc rgb '#e69f00' pt 11 ps 0.72 notitle, \
  $series5 using 1:2 with lines lc rgb '#d55e00' lw 2.2 dt (12,5) notitle, \
  $series5 using 1:2 with points lc rgb '#d55e00' pt 9 ps 0.72 notitle
