set encoding utf8
set terminal svg size 760,347 dynamic noenhanced font 'Inter,15' butt
unset key; set border 3 lc rgb '#8a8f98' lw 1.1
set tics nomirror out scale 0.6,0.3 textcolor rgb '#1d2024'
set style line 100 lc rgb '#b9bcc2' lw 0.88 dt (2,4)
set lmargin at screen 0.067105; set rmargin at screen 0.99474
set tmargin at screen 0.84006; set bmargin at screen 0.096542
set xrange [-0.5:2.5]; unset xtics
set yrange [0:1.056]
set ytics ('0.00' 0, '0.25' 0.25, '0.50' 0.5, '0.75' 0.75, '1.00' 1)
set grid ytics back ls 100
set label 1 'test error (%)' at screen 0.0026316, screen 0.96758 left front textcolor rgb '#1d2024'
set label 2 'LeNet-5' at screen 0.22171, screen 0.048991 center front textcolor rgb '#1d2024'
set label 3 'LeNet-5+' at screen 0.53092, screen 0.048991 center front textcolor rgb '#1d2024'
set label 4 'LeNet-5++' at screen 0.84013, screen 0.048991 center front textcolor rgb '#1d2024'
set label 5 '0.95' at screen 0.16141, screen 0.79352 center front textcolor rgb '#1d2024' font 'Inter,13'
set label 6 '0.80' at screen 0.47063, screen 0.68791 center front textcolor rgb '#1d2024' font 'Inter,13'
set label 7 '0.70' at screen 0.77984, screen 0.6175 center front textcolor rgb '#1d2024' font 'Inter,13'
$bars1 << EOD
-0.195 0.95 -0.3744 -0.0156 0 0.95
0.805 0.8 0.6256 0.9844 0 0.8
1.805 0.7 1.6256 1.9844 0 0.7
EOD
set label 8 '0.91' at screen 0.28201, screen 0.80056 center front textcolor rgb '#1d2024' font 'Inter,13'
set label 9 '0.62' at screen 0.59122, screen 0.58934 center front textcolor rgb '#1d2024' font 'Inter,13'
set label 10 '0.48' at screen 0.90043, screen 0.50485 center front textcolor rgb '#1d2024' font 'Inter,13'
$bars2 << EOD
0.195 0.91 0.0156 0.3744 0 0.91
1.195 0.62 1.0156 1.3744 0 0.62
2.195 0.48 2.0156 2.3744 0 0.48
EOD
$errors2 << EOD
0.195 0.86 0 0.1
1.195 0.58 0 0.08
2.195 0.42 0 0.12
EOD
set object 1 rectangle from screen 0.0013158, screen 0.92435 to screen 0.017105, screen 0.88977 back fc rgb '#0072b2' fs solid 1 noborder lw 1
set label 11 'published' at screen 0.025658, screen 0.90706 left front textcolor rgb '#0069a6'
set object 2 rectangle from screen 0.15092, screen 0.92435 to screen 0.16671, screen 0.88977 back fc rgb '#d55e00' fs solid 1 noborder lw 1
set label 12 'here, 5 seeds' at screen 0.17526, screen 0.90706 left front textcolor rgb '#b34700'
plot \
  $bars1 using 1:2:3:4:5:6 with boxxyerror fc rgb '#0072b2' fs solid 0.92 noborder notitle, \
  $bars2 using 1:2:3:4:5:6 with boxxyerror fc rgb '#d55e00' fs solid 0.92 noborder notitle, \
  $errors2 using 1:2:3:4 with vectors nohead lc rgb '#1d2024' lw 1.32 notitle
