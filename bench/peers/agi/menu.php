#!/usr/bin/env php
<?php
// A menu by AGI: Asterisk starts this program for each call and talks with it over its standard
// input and output. Argument 1: the sound to play.
declare(strict_types=1);

/** Sends a command, and gives the result that Asterisk answers; '-1' means that the caller has gone. */
function command(string $command): string
{
    fwrite(STDOUT, $command . "\n");
    fflush(STDOUT);
    $answer = fgets(STDIN);
    if ($answer === false || !preg_match('/^200 result=(-?\w*)/', $answer, $found)) {
        exit;
    }
    return $found[1];
}

$call = [];
while (($line = fgets(STDIN)) !== false && trim($line) !== '') {
    [$name, $value] = explode(':', $line, 2);
    $call[$name] = trim($value);
}

command('ANSWER');
$key = command('GET DATA ' . $call['agi_arg_1'] . ' 5000 1');
if ($key === '1') {
    $employee = '5' . substr($call['agi_callerid'], -3);
    command("EXEC Dial PJSIP/$employee,20");
}
command('HANGUP');
