Attribute VB_Name = "Knoppen"
Option Explicit

' The buttons of the tab Voorbereidingskit. Made by: kit addin bouw

Public Sub KitValideer(control As IRibbonControl)
    Druk "from kit.addin import knop; knop.valideer()"
End Sub

Public Sub KitNaarVolgende(control As IRibbonControl)
    Druk "from kit.addin import knop; knop.naar_volgende()"
End Sub

Public Sub KitHerstel(control As IRibbonControl)
    Druk "from kit.addin import knop; knop.herstel()"
End Sub

Public Sub KitMaakOngedaan(control As IRibbonControl)
    Druk "from kit.addin import knop; knop.maak_ongedaan()"
End Sub

Public Sub KitWisMarkeringen(control As IRibbonControl)
    Druk "from kit.addin import knop; knop.wis_markeringen()"
End Sub

Public Sub KitExporteer(control As IRibbonControl)
    Druk "from kit.addin import knop; knop.exporteer()"
End Sub

Public Sub KitOver(control As IRibbonControl)
    Druk "from kit.addin import knop; knop.over()"
End Sub

Private Sub Druk(opdracht As String)
    If ActiveWorkbook Is Nothing Then
        MsgBox "Open eerst een werkboek van de voorbereidingskit.", vbInformation, "Voorbereidingskit"
        Exit Sub
    End If
    RunPython opdracht
End Sub
