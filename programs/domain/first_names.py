"""First names common among children and adults in German cities; words with another sense left out."""

_NAMES = """
Adam Adrian Ahmad Ahmed Alexander Ali Alina Amelie Amina Amir Amira Amy Andreas Angela Anna Anne
Anton Antonia Arda Ayla Ayse Ayşe Aylin Azra Barbara Ben Benjamin Bilal Can Carla Charlotte
Christian Christina Clara Claudia Daniel Daniela David Defne Denis Diana Dominik Ecrin Eda Elias
Elif Elina Ella Emil Emilia Emine Emir Emma Emre Enes Erik Eva Fabian Fatima Fatma Felix Fiona Finn
Florian Frieda Frida Gabriel Gabriele Hamza Hanna Hannah Hannes Hassan Hatice Helena Henri Henry
Hussein Ibrahim Ida Ilyas Irina Isabella Ismail Ivan Jakob Jan Jana Jannik Jannis Jasmin Jonas
Jonathan Josefine Julia Julian Julius Karim Katharina Kevin Khalid Kilian Klara Lara Laura Lea Leah
Lena Leni Lenny Leo Leon Leonie Levi Liam Lia Lina Linda Linus Lisa Lotta Louis Louisa Luca Luis
Luisa Lukas Luna Maja Malik Malte Manuel Maria Mariam Marie Marlene Martha Martin Maryam Mats Matteo
Maximilian Maya Mehmet Melina Melissa Mia Michael Michelle Mila Milan Mina Miriam Mohamad Mohamed
Mohammad Mohammed Moritz Muhammed Murat Mustafa Nadine Naomi Nele Nicole Niklas Nils Nina Noah Nora
Nour Oleksandr Olena Olga Omar Oskar Osman Paul Paula Pauline Petra Pia Philipp Rania Raphael Rayan
Robin Romy Rosa Sabine Salma Samira Samuel Sandra Sara Sarah Sascha Sebastian Selin Selina Sevgi
Simon Sofia Sofiia Sophia Sophie Stefan Stefanie Stephan Susanne Svenja Theo Thomas Tim Timo Tobias
Tom Tomas Valentina Viktor Viktoria Wiktoria Yara Yasin Yasmin Yavuz Younes Youssef Yusuf Zahra
Zehra Zeynep Zoe
"""
FIRST_NAMES = frozenset(_NAMES.split())
