# Voor Windows, zonder beheerdersrechten: zet de kit en de knoppen in Excel voor de huidige gebruiker.
#   powershell -ExecutionPolicy Bypass -File installeer.ps1 [-Wheel voorbereidingskit-0.1.0-py3-none-any.whl] [-Verwijder]
param([string]$Wheel = "", [switch]$Verwijder)
$ErrorActionPreference = "Stop"
if (-not (Get-Command uv -ErrorAction SilentlyContinue)) {
    Write-Host "uv ontbreekt. Vraag uw IT-dienst om uv, of gebruik de zelfstandige map."; exit 2
}
$kit = Join-Path (uv tool dir --bin) "kit.exe"
if ($Verwijder) { & $kit addin verwijder; uv tool uninstall voorbereidingskit; exit $LASTEXITCODE }
if (-not $Wheel) { $Wheel = (Get-ChildItem -Path $PSScriptRoot -Filter "voorbereidingskit-*.whl" | Sort-Object Name | Select-Object -Last 1).FullName }
if (-not $Wheel) { Write-Host "Leg het bestand voorbereidingskit-...whl naast dit script, of wijs het aan met -Wheel."; exit 2 }
uv tool install --force $Wheel
& $kit addin installeer
